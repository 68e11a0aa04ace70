import { parseArgs } from 'node:util';
import { describeGrant } from '../../lib/diagnostics/describe.ts';
import { githubNotes } from '../../lib/diagnostics/github-subjects.ts';
import { lint } from '../../lib/diagnostics/prove/lint.ts';
import { lintText } from '../../lib/diagnostics/prove/report.ts';
import { describeIdentity } from '../../lib/identity/runtime-identity.ts';
import type { Command } from './command.ts';
import { proveDepsOf } from './prove-deps.ts';
import { bothConfigs } from './written-config.ts';

export const check: Command = {
  summary: 'validate the configuration and describe in plain words who may have what',
  usage: 'credmint check [--config FILE] [--strict]\n\n  --strict  exit with 1 if there are warnings',
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, strict: { type: 'boolean', default: false } },
    });
    const { path, written, config } = bothConfigs(values.config, io);
    io.stdout.write(`${path}: ${Object.keys(written.accounts).length} accounts, ${written.grants.length} grants\n`);
    for (const [name, identity] of config.runtimeIdentities)
      io.stdout.write(`\n${name}\n  signs by the identity of this process: ${describeIdentity(identity)}.\n`);
    for (const grant of written.grants) {
      io.stdout.write(`\n${grant.name}\n  ${describeGrant(grant, written.accounts)}\n`);
      for (const note of githubNotes(grant.claims)) io.stdout.write(`  ${note}\n`);
    }
    const warnings = lint(written, proveDepsOf(io));
    if (warnings.length > 0) io.stdout.write(`\nWarnings\n${lintText(warnings)}`);
    return values.strict && warnings.length > 0 ? 1 : 0;
  },
};
