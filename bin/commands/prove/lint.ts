import { parseArgs } from 'node:util';
import { lint as proveLint } from '../../../lib/diagnostics/prove/lint.ts';
import { lintText } from '../../../lib/diagnostics/prove/report.ts';
import type { Command } from '../command.ts';
import { proving } from '../prove-deps.ts';
import { writtenConfig } from '../written-config.ts';
import { jsonText, searchUsage } from './search-usage.ts';

const usage = `credmint prove lint [--config FILE] [--json]

Warns of what is allowed or can never be used, and is probably not meant. Exits with 1 if there is a warning.

${searchUsage}`;

export const lint: Command = {
  summary: 'warn of what is allowed or can never be used, and is probably not meant',
  usage,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const { written } = writtenConfig(values.config, io);
    const warnings = proving(io, (deps) => proveLint(written, deps));
    io.stdout.write(values.json ? jsonText(warnings) : warnings.length === 0 ? 'No warnings.\n' : lintText(warnings));
    return warnings.length > 0 ? 1 : 0;
  },
};
