import type { Caller } from '../core/caller.ts';
import type { Account } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintOperation, Tag, TokenRequest } from '../core/requests.ts';
import type { Grant } from './grant.ts';
import { refuse } from './refuse.ts';
import { refuseUnaccepted } from './refuse-unaccepted.ts';
import { type Filling, fillName, fillTag } from './template.ts';
import { fillDocument } from './template-document.ts';

type Asked = TokenRequest<MintOperation>;

/** What was asked, after the grant was applied to each part of it. */
export type AppliedRequest = Asked & { readonly policy?: string; readonly grantPolicy?: string };

/** In characters: what the clouds take as the name of a session or of its source, and of a federated user (AWS). */
const maxNameLength = 64;
const maxFederatedNameLength = 32;

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
  refuseUnaccepted(grant, rest, inProcess);
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
}

const sessionNames = (grant: Grant, parts: Parts, filling: Filling) => {
  if (grant.sessionName === undefined) return {};
  return parts.name === undefined
    ? { sessionName: fillName(grant.sessionName, maxNameLength, filling) }
    : { name: fillName(grant.sessionName, maxFederatedNameLength, filling) };
};

/**
 * A cloud takes one document. Sending the caller's instead of the grant's would widen the session, dropping the caller's
 * would mislead, so both together are refused, as are managed policies, whose rights AWS adds to the document's; the
 * authority takes both, and each narrows. GetSessionToken takes no policy, so a grant that has one cannot give it.
 */
const policies = (grant: Grant, parts: Parts, filling: Filling, inProcess: boolean) => {
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
  if (grant.tags === undefined) return {};
  const own = grant.tags.map(([key, value]) => ({ key, value: fillTag(value, grant.references, filling) }));
  const names = new Set(own.map(({ key }) => folded(key)));
  return { tags: [...(parts.tags ?? []).filter(({ key }) => !names.has(folded(key))), ...own] };
};

/** A tag's key as the most lenient cloud may compare it: they all do so without case. The grant's own wins. */
const folded = (key: string): string =>
  key
    .normalize('NFKC')
    .replace(/[\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toUpperCase()
    .toLowerCase();

const sourceIdentity = (grant: Grant, parts: Parts, filling: Filling) => {
  if (grant.sourceIdentity === undefined || parts.operation !== 'AssumeRole') return {};
  return { sourceIdentity: fillName(grant.sourceIdentity, maxNameLength, filling) };
};

const externalId = (grant: Grant, parts: Parts) =>
  grant.externalId === undefined || parts.operation !== 'AssumeRole' ? {} : { externalId: grant.externalId };
