import { parseArgs } from 'node:util';
import { auditVerifier } from '../../../lib/audit/verify/verify.ts';
import { UsageError } from '../../../lib/diagnostics/explain.ts';
import type { Command } from '../command.ts';
import { readKeys, readLog } from './log-files.ts';
import { reportText } from './report-text.ts';

/** How a log is read as one; what `verify` and `show` have in common. */
export const logOptions = {
  key: { type: 'string', multiple: true, default: [] as string[] },
  partial: { type: 'boolean', default: false },
  collected: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

export const logOptionsUsage = `  --key FILE         an Ed25519 public key (PEM) whose checkpoints are trusted; may be given several times
  --partial          the log began before these files
  --collected        the lines went through a log collector: there may be other lines between them, and members may be
                     in another order`;

const usage = `credmint audit verify FILE… --key FILE… [--partial] [--complete] [--collected] [--json]

Proves that nothing in an audit log was changed, removed or moved between checkpoints. The files are read as one log, in
the order given: of a rotated log, the oldest first. Exits with 1 if something is wrong.

${logOptionsUsage}
  --complete         the log is over: every chain must have its end
  --json             print what was found as JSON`;

export const verify: Command = {
  summary: 'prove that an audit log is whole, or name its first bad record',
  usage,
  run: async (args, io) => {
    const { values, positionals: files } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...logOptions, complete: { type: 'boolean', default: false } },
    });
    const { key: keyFiles, json, ...how } = values;
    if (files.length === 0) throw new UsageError('FILE is missing.');
    if (keyFiles.length === 0) throw new UsageError('--key is missing.');
    const keys = readKeys(keyFiles, io);
    if (keys === undefined) return 2;
    const verifier = auditVerifier(keys, how);
    await readLog(files, 'verifying', verifier.take, io);
    const report = verifier.finish();
    io.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    return report.ok ? 0 : 1;
  },
};
