import type { Caller } from '../core/caller.ts';
import type { Account } from '../core/cloud.ts';
import { type DenialReason, denialReasons } from '../core/denial.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintOperation, Tag, TokenRequest } from '../core/requests.ts';
import type { CallersPart, Grant } from './grant.ts';
import { type Filling, fill, fillDocument } from './template.ts';

type Asked = TokenRequest<MintOperation>;

/** What was asked, after the grant was applied to each part of it. */
export type AppliedRequest = Asked & { readonly policy?: string; readonly grantPolicy?: string };

const refuse = (grant: Grant, clause: string, reason: DenialReason): never => {
  const trace = [{ grant: grant.name, clause, reason, expected: 'none from the caller', saw: 'one' }];
  throw new StsError('AccessDenied', denialReasons[reason], { parameter: clause, reason, trace });
};

/** What a session may be called everywhere: other characters become `-`. */
const sessionNameOf = (text: string): string => text.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);

/**
 * Decides every part of a request that a grant can give or forbid: the caller's own policy, tags and source identity if
 * the grant accepts them, the grant's own if it has any.
 */
export const applyGrant = (grant: Grant, account: Account, request: Asked, caller: Caller): AppliedRequest => {
  const { account: _, durationSeconds: __, defaultDurationSeconds: ___, ...rest } = request;
  // Forbids and overrides by name; which operation has which part is the request's own type.
  const parts: Parts = rest;
  const filling: Filling = omitUndefined({ caller, sessionName: parts.sessionName ?? parts.name });
  // To its callers the authority is an STS like any other: its roles' external ids concern only the two of them.
  const inProcess = account.cloud === 'authority';
  return {
    ...rest,
    ...sessionNames(grant, parts, filling),
    ...policies(grant, parts, filling, inProcess),
    ...tags(grant, parts, filling),
    ...sourceIdentity(grant, parts, filling),
    ...(inProcess ? {} : externalId(grant, parts)),
  } as AppliedRequest;
};

interface Parts {
  readonly operation: MintOperation;
  readonly sessionName?: string;
  readonly name?: string;
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly tags?: readonly Tag[];
  readonly transitiveTagKeys?: readonly string[];
  readonly sourceIdentity?: string;
  readonly externalId?: string;
}

const accepted = (grant: Grant, part: CallersPart, clause: string, value: unknown, reason: DenialReason): void => {
  if (value !== undefined && !grant.accepts.has(part)) refuse(grant, clause, reason);
};

const sessionNames = (grant: Grant, parts: Parts, filling: Filling) => {
  if (grant.sessionName === undefined) return {};
  const text = sessionNameOf(fill(grant.sessionName, everyCharacter(grant), filling));
  return parts.name === undefined ? { sessionName: text } : { name: text };
};

/** For a name, in which no character is dangerous: a character that is not allowed is replaced. */
const everyCharacter = (grant: Grant) => new Map([...grant.references.keys()].map((name) => [name, '*?/:\\']));

/**
 * A cloud takes one document. Sending the caller's instead of the grant's would widen the session, dropping the caller's
 * would mislead, so both together are refused, as are managed policies, whose rights AWS adds to the document's; the
 * authority takes both, and each narrows. GetSessionToken takes no policy, so a grant that has one cannot give it.
 */
const policies = (grant: Grant, parts: Parts, filling: Filling, inProcess: boolean) => {
  accepted(grant, 'policy', 'policy', parts.policy, 'PolicyNotAccepted');
  accepted(grant, 'policy', 'policyArns', parts.policyArns, 'PolicyNotAccepted');
  if (grant.policy === undefined) return {};
  if (parts.operation === 'GetSessionToken') {
    throw new StsError('UnsupportedOperation', 'The grant has a policy, and GetSessionToken takes none.');
  }
  const document = fillDocument(grant.policy, grant.references, filling);
  if (inProcess) return { grantPolicy: document };
  if (parts.policy !== undefined) refuse(grant, 'policy', 'TwoPolicies');
  if (parts.policyArns !== undefined) refuse(grant, 'policyArns', 'TwoPolicies');
  return { policy: document };
};

const tags = (grant: Grant, parts: Parts, filling: Filling) => {
  accepted(grant, 'tags', 'tags', parts.tags, 'TagsNotAccepted');
  // A transitive tag is a tag of the next role's session.
  accepted(grant, 'tags', 'transitiveTagKeys', parts.transitiveTagKeys, 'TagsNotAccepted');
  if (grant.tags === undefined) return {};
  const own = grant.tags.map(([key, value]) => ({ key, value: fill(value, grant.references, filling) }));
  // Clouds compare tag keys without case; the grant's own win.
  const names = new Set(own.map(({ key }) => key.toLowerCase()));
  return { tags: [...(parts.tags ?? []).filter(({ key }) => !names.has(key.toLowerCase())), ...own] };
};

const sourceIdentity = (grant: Grant, parts: Parts, filling: Filling) => {
  accepted(grant, 'sourceIdentity', 'sourceIdentity', parts.sourceIdentity, 'SourceIdentityNotAccepted');
  if (grant.sourceIdentity === undefined || parts.operation !== 'AssumeRole') return {};
  return { sourceIdentity: sessionNameOf(fill(grant.sourceIdentity, everyCharacter(grant), filling)) };
};

const externalId = (grant: Grant, parts: Parts) => {
  if (parts.externalId !== undefined) refuse(grant, 'externalId', 'ExternalIdNotAccepted');
  return grant.externalId === undefined || parts.operation !== 'AssumeRole' ? {} : { externalId: grant.externalId };
};
