import { parseArgs } from 'node:util';
import { openClient } from '../client/open-client.ts';
import { clientOptions, clientOptionsUsage, reportingErrors } from '../client/options.ts';
import type { Command } from './command.ts';

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html: stdout is JSON or nothing, and the
// AWS CLI shows stderr to its user.

export const credentialProcess: Command = {
  summary: 'be the credential_process of an AWS profile',
  usage: `credmint credential-process [OPTIONS]

In ~/.aws/config: credential_process = npx --no credmint credential-process --profile NAME

${clientOptionsUsage}`,
  run: async (args, io) => {
    const { values } = parseArgs({ args: [...args], options: clientOptions });
    return reportingErrors(io, async () => {
      io.stdout.write(`${await openClient(values, io).text('aws-process')}\n`);
      return 0;
    });
  },
};
