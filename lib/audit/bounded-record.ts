import type { AuditRecord } from '../core/audit.ts';
import type { DenialTrace } from '../core/denial.ts';
import { omitUndefined } from '../core/omit-undefined.ts';

const maxTextLength = 1024;
const maxClauseLength = 160;
const maxClauses = 16;

// Control characters, line separators, and what XML has no character for: a queue refuses it, and a line that is always
// refused would block every line behind it.
const unwritable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]/g;

/** Printable ASCII: nearly everything that is ever written down. */
const plainText = /^[ -~]*$/;

/** The caller may have chosen this text: bounded, and harmless to every reader of lines. */
const bounded = (text: string, maxLength: number): string => {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return plainText.test(cut) ? cut : cut.toWellFormed().replace(unwritable, '\ufffd');
};

const written = (text: string | undefined, maxLength = maxTextLength): string | undefined =>
  text === undefined ? undefined : bounded(text, maxLength);

const clauses = (trace: DenialTrace | undefined) =>
  trace?.slice(0, maxClauses).map(({ grant, caller, clause, reason, expected, saw }) => ({
    clause: bounded(clause, maxClauseLength),
    expected: bounded(expected, maxClauseLength),
    reason,
    saw: bounded(saw, maxClauseLength),
    ...omitUndefined({ caller: written(caller, maxClauseLength), grant: written(grant, maxClauseLength) }),
  }));

/** Of each claim as many texts, and of as many claims, as a trace has clauses. */
const claimsOf = (claims: AuditRecord['claims']) =>
  claims &&
  Object.fromEntries(
    Object.entries(claims)
      .slice(0, maxClauses)
      .map(([name, texts]) => [
        bounded(name, maxClauseLength),
        texts.slice(0, maxClauses).map((text) => bounded(text, maxClauseLength)),
      ]),
  );

const texts = (all: readonly string[] | undefined) =>
  all?.slice(0, maxClauses).map((one) => bounded(one, maxClauseLength));

const upstreamOf = (upstream: AuditRecord['upstream']) =>
  upstream &&
  omitUndefined<NonNullable<AuditRecord['upstream']>>({
    code: written(upstream.code),
    requestId: written(upstream.requestId),
    status: upstream.status,
  });

/** A record whose texts are bounded and harmless: whatever is kept or written of a record is kept or written of this. */
export const boundedRecord = (record: AuditRecord): AuditRecord => ({
  ...record,
  ...omitUndefined<Partial<AuditRecord>>({
    accessKeyId: written(record.accessKeyId),
    actorIssuer: written(record.actorIssuer),
    actorSubject: written(record.actorSubject),
    audiences: texts(record.audiences),
    auditOnlyViolations: clauses(record.auditOnlyViolations),
    callerKeyId: written(record.callerKeyId),
    claims: claimsOf(record.claims),
    delivery: written(record.delivery),
    event: written(record.event),
    givenSessionName: written(record.givenSessionName),
    ignored: texts(record.ignored),
    issuer: written(record.issuer),
    lease: written(record.lease),
    role: written(record.role),
    sessionName: written(record.sessionName),
    sourceIp: written(record.sourceIp),
    subject: written(record.subject),
    tokenSubject: written(record.tokenSubject),
    trace: clauses(record.trace),
    upstream: upstreamOf(record.upstream),
  }),
});
