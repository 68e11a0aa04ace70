import type { Caller } from '../core/caller.ts';
import type { Account } from '../core/cloud.ts';
import { type DenialReason, denialReasons } from '../core/denial.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintOperation, Tag, TokenRequest } from '../core/requests.ts';
import type { CallersPart, Grant } from './grant.ts';
import { type Filling, fillDocument, fillName, fillTag } from './template.ts';

type Asked = TokenRequest<MintOperation>;

/** What was asked, once the grant has had its say in each part of it. */
export type AppliedRequest = Asked & { readonly policy?: string; readonly grantPolicy?: string };

const refuse = (grant: Grant, clause: string, reason: DenialReason): never => {
  const trace = [{ grant: grant.name, clause, reason, expected: 'none from the caller', saw: 'one' }];
  throw new StsError('AccessDenied', denialReasons[reason], { parameter: clause, reason, trace });
};

/** In characters: what the clouds take as the name of a session or of its source, and of a federated user (AWS). */
const maxNameLength = 64;
const maxFederatedNameLength = 32;

/**
 * Settles every part of a request that a grant can give or forbid: the caller's own policy, tags and source identity
 * where the grant accepts them, the grant's where it has its own.
 */
export const applyGrant = (grant: Grant, account: Account, request: Asked, caller: Caller): AppliedRequest => {
  const { account: _, durationSeconds: __, defaultDurationSeconds: ___, ...rest } = request;
  // Forbids and overrides by name; which operation has which part is the request's own type.
  const parts: Parts = rest;
  const filling: Filling = omitUndefined({ caller, sessionName: parts.sessionName ?? parts.name });
  // The authority is an STS like any other to those who ask it: its roles' external ids are between it and them.
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
  return parts.name === undefined
    ? { sessionName: fillName(grant.sessionName, maxNameLength, filling) }
    : { name: fillName(grant.sessionName, maxFederatedNameLength, filling) };
};

/**
 * A cloud takes one document. To send the caller's instead of the grant's would widen, to drop the caller's would
 * mislead, so both together are refused, as are managed policies, whose rights AWS adds to the document's; the
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
  // Which tags go on to the next role is as much as a tag there.
  accepted(grant, 'tags', 'transitiveTagKeys', parts.transitiveTagKeys, 'TagsNotAccepted');
  if (grant.tags === undefined) return {};
  const own = grant.tags.map(([key, value]) => ({ key, value: fillTag(value, grant.references, filling) }));
  // Clouds compare tag keys without case; the grant's own win.
  const names = new Set(own.map(({ key }) => key.toLowerCase()));
  return { tags: [...(parts.tags ?? []).filter(({ key }) => !names.has(key.toLowerCase())), ...own] };
};

const sourceIdentity = (grant: Grant, parts: Parts, filling: Filling) => {
  accepted(grant, 'sourceIdentity', 'sourceIdentity', parts.sourceIdentity, 'SourceIdentityNotAccepted');
  if (grant.sourceIdentity === undefined || parts.operation !== 'AssumeRole') return {};
  return { sourceIdentity: fillName(grant.sourceIdentity, maxNameLength, filling) };
};

const externalId = (grant: Grant, parts: Parts) => {
  if (parts.externalId !== undefined) refuse(grant, 'externalId', 'ExternalIdNotAccepted');
  return grant.externalId === undefined || parts.operation !== 'AssumeRole' ? {} : { externalId: grant.externalId };
};
