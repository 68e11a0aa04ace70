import type { ChainReport } from '../../../lib/audit/verify/chain-check.ts';
import { type Fault, type LogPosition, problems } from '../../../lib/audit/verify/faults.ts';
import type { AuditReport } from '../../../lib/audit/verify/verify.ts';

export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const sum = (chains: readonly ChainReport[], of: (chain: ChainReport) => number): number =>
  chains.reduce((total, chain) => total + of(chain), 0);

export const placeText = ({ file, line }: LogPosition): string =>
  file === undefined ? `line ${line}` : `${file}:${line}`;

export const faultText = ({ problem, place, chain, sequence }: Fault): string => {
  const where = place === undefined ? '' : `${placeText(place)}: `;
  const which = chain === undefined ? '' : ` (chain ${chain}, number ${sequence ?? 0})`;
  return `  ${where}${problems[problem]}${which}\n`;
};

const openText = ({ chain, followedBy, unproven, last }: ChainReport): string => {
  const where = last === undefined ? '' : `, last seen at ${placeText(last.place)}, number ${last.sequence}`;
  const why = followedBy === undefined ? 'has no end yet' : `has no end; chain ${followedBy} names its last line`;
  return `  chain ${chain} ${why}${where}: unproven: ${counted(unproven, 'record')}\n`;
};

/** What was found of a log, with the first bad record first. */
export const reportText = (report: AuditReport): string => {
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
