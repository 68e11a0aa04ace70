import { parseArgs } from 'node:util';
import { checkNames } from '../../lib/config/check-names.ts';
import { describeGrant } from '../../lib/diagnostics/describe.ts';
import { describeCaller } from '../../lib/diagnostics/describe-caller.ts';
import { githubNotes } from '../../lib/diagnostics/github-subjects.ts';
import { impossible } from '../../lib/diagnostics/impossible.ts';
import { lint } from '../../lib/diagnostics/prove/lint.ts';
import { lintText } from '../../lib/diagnostics/prove/report.ts';
import { describeIdentity } from '../../lib/identity/runtime-identity.ts';
import { possibleDepsOf } from '../possible-deps.ts';
import { counted } from './audit/report-text.ts';
import type { Command } from './command.ts';
import { proving } from './prove-deps.ts';
import { bothConfigs, refuseFaults, writtenConfig } from './written-config.ts';

export const check: Command = {
  summary: 'validate the configuration and describe in plain words who may have what',
  usage: `credmint check [--config FILE] [--form] [--strict] [--json]

  --form    judge the file alone: no secret, file or variable that it refers to needs to exist (for CI)
  --strict  exit with 1 if there are warnings
  --json    print accounts, callers, grants and warnings as JSON`,
  run: async (args, io) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        form: { type: 'boolean', default: false },
        strict: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const read = values.form ? writtenConfig(values.config, io) : bothConfigs(values.config, io);
    const { path, written, file } = read;
    const faults: string[] = [];
    checkNames(written, { fault: (at, why) => faults.push(`${at}: ${why}`) });
    faults.push(...impossible(written, possibleDepsOf(io.clouds)));
    refuseFaults(file, faults);
    const { accounts, callers, grants } = written;
    const warnings = proving(io, (deps) => lint(written, deps));
    const exitCode = values.strict && warnings.length > 0 ? 1 : 0;
    if (values.json) {
      const report = {
        path,
        accounts: Object.entries(accounts).map(([name, { cloud }]) => ({ name, cloud })),
        callers: Object.entries(callers).map(([name, caller]) => ({ name, is: describeCaller(name, caller) })),
        grants: grants.map((grant) => ({ name: grant.name, allows: describeGrant(grant, accounts) })),
        warnings,
      };
      io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      return exitCode;
    }
    const form = values.form ? ' (its form; what it refers to was not looked up)' : '';
    io.stdout.write(
      `${path}: ${counted(Object.keys(accounts).length, 'account')}, ${counted(grants.length, 'grant')}${form}\n`,
    );
    for (const [name, identity] of read.config?.runtimeIdentities ?? [])
      io.stdout.write(`\n${name}\n  signs by the identity of this process: ${describeIdentity(identity)}.\n`);
    const writeNotes = (claims: Parameters<typeof githubNotes>[0]): void => {
      for (const note of githubNotes(claims)) io.stdout.write(`  ${note}\n`);
    };
    for (const [name, caller] of Object.entries(callers)) {
      io.stdout.write(`\n${describeCaller(name, caller)}.\n`);
      writeNotes(caller.jwt?.claims ?? {});
    }
    for (const grant of grants) {
      io.stdout.write(`\n${grant.name}\n  ${describeGrant(grant, accounts)}\n`);
      writeNotes(grant.claims);
    }
    if (warnings.length > 0) io.stdout.write(`\nWarnings\n${lintText(warnings)}`);
    return exitCode;
  },
};
