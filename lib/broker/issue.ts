import type { AuditRecord, OpenRecord } from '../core/audit.ts';
import type { Caller } from '../core/caller.ts';
import type { Account } from '../core/cloud.ts';
import type { Credentials } from '../core/credentials.ts';
import type { MintOperation, TokenRequest } from '../core/requests.ts';
import { type Decision, decide, type Rules } from '../grants/authorize.ts';
import type { Question } from '../grants/evaluate.ts';
import type { Deadline } from '../mint/deadline.ts';
import type { KeepingSource } from '../mint/source.ts';
import { fieldsOfAccount, fieldsOfAllowed, fieldsOfCredentials, fieldsOfViolations } from './record-fields.ts';

/** What issuing needs. */
export interface IssueDeps {
  readonly rules: Rules;
  /** `mint.credentials` for a caller that waits, `mint.fresh` to refresh a lease. */
  readonly source: KeepingSource;
  /** Open; the caller of `issue` writes it, by `withRecord`. */
  readonly record: OpenRecord;
}

/** Credentials, and the account that they are of. */
export interface Issued {
  readonly credentials: Credentials;
  readonly account: Account;
}

/** What was minted or kept for a request, and for how long it was asked. */
export interface IssuedFor extends Issued {
  readonly durationSeconds: number;
}

/**
 * The one way to credentials, whether the question came by HTTP, by an event or from a lease: the grants decide, the
 * mint obtains, and the record says all of it. Rejects with an StsError.
 *
 * @example
 * const { credentials } = await withRecord(start, (record) =>
 *   issue({ caller, request, dialect: 'json', now }, { signal }, { rules, source: mint.credentials, record }), deps);
 */
export const issue = async (
  question: Question<TokenRequest<MintOperation>>,
  deadline: Deadline,
  { rules, source, record }: IssueDeps,
): Promise<IssuedFor> => {
  record.enter('authorize');
  const decision = decide(rules, question);
  noteDecision(record, question.caller, decision, fieldsOfAllowed(decision.allowed));
  const { allowed, account } = decision;
  record.enter('mint');
  let origin: 'minted' | 'kept' = 'minted';
  const credentials = await source(allowed, deadline, () => {
    origin = 'kept';
  });
  record.note({ ...fieldsOfCredentials(credentials), origin });
  return { credentials, durationSeconds: allowed.durationSeconds, account };
};

/** What the record says of a request that was allowed, for credentials and for tokens alike. */
export const noteDecision = (
  record: OpenRecord,
  caller: Caller,
  { account, auditOnlyViolations }: Pick<Decision, 'account' | 'auditOnlyViolations'>,
  allowed: Partial<AuditRecord>,
): void => {
  record.note({ ...allowed, ...fieldsOfAccount(account) });
  record.note(fieldsOfViolations(caller, auditOnlyViolations));
};
