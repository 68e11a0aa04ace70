import type { Change, Difference } from './diff.ts';
import type { Witness } from './find.ts';
import type { Warning } from './warning.ts';
import type { Holder } from './who.ts';

const requestOf = ({
  account,
  operation,
  role,
  lease,
  audience,
  durationSeconds,
  dialect,
  sourceIp,
  isAnyTime,
  at,
  policy,
}: Witness): string =>
  [
    operation,
    role ?? lease ?? '',
    audience === undefined ? '' : `for ${audience}`,
    `at ${account}`,
    durationSeconds === undefined ? '' : `for ${durationSeconds} seconds`,
    `by ${dialect}`,
    sourceIp === undefined ? '' : `from ${sourceIp}`,
    isAnyTime ? '' : `at ${at}`,
    policy === undefined ? '' : "with a policy of the caller's own",
  ]
    .filter((text) => text !== '')
    .join(' ');

/** The claims that matter: JSON output has all of them. */
const claimsLine = ({ claims = {}, unasked }: Witness): string =>
  JSON.stringify(Object.fromEntries(Object.entries(claims).filter(([name]) => !unasked.includes(name))));

/** A request that is allowed, in lines: what it is, what is shown, what is asked. */
const witnessLines = (witness: Witness): readonly string[] => [
  `${witness.kind === 'a request' ? witness.proof : `${witness.proof}: ${witness.kind}`}`,
  ...(witness.claims === undefined ? [] : [claimsLine(witness)]),
  // What shows two callers alike is a token alone: nothing is asked with it.
  ...(witness.operation === '' ? [] : [requestOf(witness)]),
];

const indented = (lines: readonly string[], by: string): string => lines.map((line) => `${by}${line}\n`).join('');

export const whoText = (holders: readonly Holder[]): string =>
  holders
    .map(({ grant, caller, operation, finding }) => {
      const lines = finding.kind === 'found' ? witnessLines(finding.witness) : [`unknown: ${finding.why}`];
      return `${operation}, by the grant ${grant}, to ${caller}\n${indented(lines, '  ')}`;
    })
    .join('');

const sentence = ({ kind, parts, caller, operation, account, grant, why }: Change): string => {
  const what = `${caller}: ${operation} at ${account}, by the grant ${grant}`;
  if (kind === 'unknown') return `${what}: unknown: ${why}`;
  if (kind === 'longer') return `${what}, for longer`;
  return kind === 'what' ? `${what}, with another ${parts.join(', ')}` : what;
};

const changesText = (changes: readonly Change[]): string =>
  changes
    .map((change) => `${sentence(change)}\n${indented(change.witness ? witnessLines(change.witness) : [], '  ')}`)
    .join('');

export const diffText = ({ admitted, withdrawn }: Difference): string =>
  admitted.length + withdrawn.length === 0
    ? 'Both admit the same.\n'
    : `Admitted: ${admitted.length}\n${changesText(admitted)}Withdrawn: ${withdrawn.length}\n${changesText(withdrawn)}`;

/** A text in Markdown's code, which nothing in it can end. */
const code = (text: string): string => {
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${fence}${fence.length > 1 ? ` ${text} ` : text}${fence}`;
};

const changesMarkdown = (title: string, changes: readonly Change[]): string => {
  if (changes.length === 0) return '';
  const items = changes.map((change) => {
    const lines = change.witness === undefined ? [] : witnessLines(change.witness);
    return `- ${code(sentence(change))}\n${lines.map((line) => `  - ${code(line)}\n`).join('')}`;
  });
  return `\n**${title}**\n\n${items.join('')}`;
};

/** For the comment of a pull request. */
export const diffMarkdown = ({ admitted, withdrawn }: Difference): string =>
  admitted.length + withdrawn.length === 0
    ? 'This change admits nothing new and withdraws nothing.\n'
    : `This change admits ${admitted.length} and withdraws ${withdrawn.length}. Each is shown by the shortest request.\n` +
      changesMarkdown('Newly admitted', admitted) +
      changesMarkdown('Withdrawn', withdrawn);

export const lintText = (warnings: readonly Warning[]): string =>
  warnings
    .map(
      ({ path, why, witness }) =>
        `${path}: ${why}\n${indented(witness === undefined ? [] : witnessLines(witness), '  ')}`,
    )
    .join('');
