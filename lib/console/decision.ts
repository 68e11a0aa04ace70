import type { AuditRecord } from '../core/audit.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { endingOf } from './ending.ts';
import type { DecisionLine, DecisionView } from './view.ts';
import { whyOf } from './why.ts';

/** As much of a text as the page shows of what a caller chose. */
const maxTextLength = 512;

const shown = (text: string | undefined): string | undefined =>
  text === undefined || text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`;

const targetOf = ({ role, lease, audiences }: AuditRecord): string | undefined =>
  role ?? (lease === undefined ? audiences?.join(', ') : `lease ${lease}`);

/** An audit record as a line of the page. */
export const lineOf = (record: AuditRecord): DecisionLine =>
  omitUndefined({
    requestId: record.requestId,
    at: record.time.toISOString(),
    caller: record.caller,
    subject: shown(record.subject),
    operation: record.operation,
    account: record.account,
    target: shown(targetOf(record)),
    grant: record.grant,
    ending: endingOf(record),
    outcome: record.outcome,
    milliseconds: record.milliseconds,
    why: whyOf(record),
  });

const seconds = (count: number | undefined): string | undefined => (count === undefined ? undefined : `${count} s`);

const claimsInWords = (claims: AuditRecord['claims']): string | undefined =>
  claims &&
  Object.entries(claims)
    .map(([name, texts]) => `${name} = ${texts.join(', ')}`)
    .join('; ');

const stagesInWords = (stages: AuditRecord['stages']): string | undefined =>
  stages &&
  Object.entries(stages)
    .map(([stage, milliseconds]) => `${stage} ${milliseconds.toFixed(1)} ms`)
    .join(', ');

/** An audit record, whole, for a person. */
export const decisionOf = (record: AuditRecord): DecisionView => {
  const { upstream } = record;
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    ['Dialect', record.dialect],
    ['Proof', [record.proof, record.scheme].filter((one) => one !== undefined).join(', ') || undefined],
    ['Issuer', record.issuer],
    ['Key of the caller', record.callerKeyId],
    ['Claims that the grant looked at', claimsInWords(record.claims)],
    ['Ignored', record.ignored?.join(', ')],
    ['Acting', [record.actor, record.actorSubject].filter((one) => one !== undefined).join(', ') || undefined],
    ['Cloud', record.cloud],
    ['Session name, asked', record.sessionName],
    ['Session name, given', record.givenSessionName],
    ['Duration, asked', seconds(record.askedDurationSeconds)],
    ['Duration, given', seconds(record.durationSeconds)],
    ['Key that was given', record.accessKeyId],
    ['Token that was given', record.tokenId],
    ['Whom that token names', record.tokenSubject],
    ['Valid until', record.expiration?.toISOString()],
    ['Event', record.event],
    ['Delivered to', record.delivery],
    ['Diagnosis of the signature', record.signature],
    [
      'Answer of the cloud',
      upstream && [upstream.status, upstream.code, upstream.requestId].filter(Boolean).join(', '),
    ],
    ['Address', record.sourceIp],
    ['Stages', stagesInWords(record.stages)],
  ];
  return {
    ...lineOf(record),
    facts: facts.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [{ name, value: shown(value) ?? '' }],
    ),
  };
};
