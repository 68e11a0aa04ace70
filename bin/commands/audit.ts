import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readPublicKey } from '../../lib/audit/keys.ts';
import { readLines } from '../../lib/audit/read-lines.ts';
import type { ChainReport } from '../../lib/audit/verify/chain-check.ts';
import { type Fault, problems } from '../../lib/audit/verify/faults.ts';
import { type AuditReport, auditVerifier } from '../../lib/audit/verify/verify.ts';
import type { Command } from './command.ts';

const usage = `credmint audit verify FILE… --key FILE… [--partial] [--complete] [--collected]

Proves that nothing in an audit log was changed, removed or moved between checkpoints. The files are read as one log, in
the order given: of a rotated log, the oldest first.

  --key FILE    an Ed25519 public key (PEM) whose checkpoints are trusted; may be given several times
  --partial     the log began before these files
  --complete    the log is over: every chain must have its end
  --collected   the lines went through a log collector: there may be other lines between them, and members may be in
                another order`;

const options = {
  key: { type: 'string', multiple: true, default: [] as string[] },
  partial: { type: 'boolean', default: false },
  complete: { type: 'boolean', default: false },
  collected: { type: 'boolean', default: false },
} as const;

/** `credmint audit …` */
export const audit: Command = {
  summary: 'prove that an audit log is whole, or name its first bad record',
  usage,
  run: async (args, io) => {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [command, ...files] = positionals;
    const { key: keyFiles, ...how } = values;
    if (command !== 'verify' || files.length === 0 || keyFiles.length === 0) {
      io.stderr.write(`${usage}\n`);
      return 2;
    }
    const keys: KeyObject[] = [];
    for (const file of keyFiles) {
      const key = readPublicKey(readFileSync(file, 'utf8'));
      if (key === undefined) {
        io.stderr.write(`${file}: contains no Ed25519 public key.\n`);
        return 2;
      }
      keys.push(key);
    }
    const verifier = auditVerifier(keys, how);
    for (const file of files) {
      let line = 0;
      for await (const bytes of readLines(file)) verifier.take(bytes, { file, line: ++line });
    }
    const report = verifier.finish();
    io.stdout.write(summary(report));
    return report.ok ? 0 : 1;
  },
};

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const sum = (chains: readonly ChainReport[], of: (chain: ChainReport) => number): number =>
  chains.reduce((total, chain) => total + of(chain), 0);

const placeText = ({ file, line }: { readonly file?: string; readonly line: number }): string =>
  file === undefined ? `line ${line}` : `${file}:${line}`;

const faultText = ({ problem, place, chain, sequence }: Fault): string => {
  const where = place === undefined ? '' : `${placeText(place)}: `;
  const which = chain === undefined ? '' : ` (chain ${chain}, number ${sequence ?? 0})`;
  return `  ${where}${problems[problem]}${which}\n`;
};

const openText = ({ chain, followedBy, unproven, last }: ChainReport): string => {
  const where = last === undefined ? '' : `, last seen at ${placeText(last.place)}, number ${last.sequence}`;
  const why = followedBy === undefined ? 'has no end yet' : `stopped without an end; chain ${followedBy} follows it`;
  return `  chain ${chain} ${why}${where}: unproven: ${counted(unproven, 'record')}\n`;
};

/** The result, with the first bad record first. */
const summary = (report: AuditReport): string => {
  const { ok, faults, chains, lines, repeated, torn, foreign } = report;
  const unproven = sum(chains, (chain) => chain.unproven);
  const proven = sum(chains, (chain) => chain.records) - unproven;
  const open = chains.filter((chain) => !chain.ended);
  const checkpoints = sum(chains, (chain) => chain.checkpoints);
  const remarks = [
    ...(repeated > 0 ? [`${counted(repeated, 'line')} repeated`] : []),
    ...(torn > 0 ? [`${counted(torn, 'line')} cut off and written again`] : []),
    ...(foreign > 0 ? [`${counted(foreign, 'foreign line')}`] : []),
  ];
  return [
    ok ? 'The log is whole.\n' : 'THE LOG IS NOT WHOLE. The first bad record:\n',
    ...(faults[0] === undefined ? [] : [faultText(faults[0])]),
    ...(faults.length > 1 ? ['And the first of every other chain:\n', ...faults.slice(1).map(faultText)] : []),
    `${counted(lines, 'line')}, ${counted(chains.length, 'chain')}, ${counted(checkpoints, 'checkpoint')}`,
    `${remarks.map((remark) => `, ${remark}`).join('')}\n`,
    `proven: ${counted(proven, 'record')}\n`,
    `unproven: ${counted(unproven, 'record')}\n`,
    ...open.map(openText),
  ].join('');
};
