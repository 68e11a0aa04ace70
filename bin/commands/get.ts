import { parseArgs } from 'node:util';
import { openClient } from '../client/open-client.ts';
import { clientOptions, clientOptionsUsage, reportingErrors } from '../client/options.ts';
import type { Command } from './command.ts';

export const get: Command = {
  summary: 'get credentials, in a format of the API',
  usage: `credmint get [--format FORMAT] [OPTIONS]

  --format FORMAT       default, dotenv, aws-process, aws-container, cos or cos-sts
${clientOptionsUsage}`,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: { ...clientOptions, format: { type: 'string', default: 'default' } },
    });
    return reportingErrors(io, async () => {
      const text = await openClient(values, io).text(values.format);
      io.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
      return 0;
    });
  },
};
