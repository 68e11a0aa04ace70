import type { Caller } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { DurationRange, TokenRequest } from '../core/requests.ts';
import { type SessionAct, type SessionMay, sessionClaim } from '../core/session-act.ts';

/**
 * The longest that what a session obtains may live.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
export const maxChainedSeconds = 3600;

/**
 * What a request does, in the words of policies; those of Huawei Cloud have three parts, also of what it has no words for, so
 * that its denial of all of `sts` is heard. Returns undefined if no session may do it at all. https://support.huaweicloud.com/intl/en-us/usermanual-iam5/iam_01_0934.html
 */
const actOf = (request: TokenRequest): SessionAct | undefined => {
  switch (request.operation) {
    case 'AssumeRole':
    case 'AssumeRoleWithWebIdentity':
      return { actions: ['sts:AssumeRole', 'sts:agencies:assume'], role: request.role };
    case 'ReadLease':
      return { actions: ['credmint:ReadLease', 'credmint:lease:read'], lease: request.lease };
    case 'ListLeases':
      return { actions: ['credmint:ListLeases', 'credmint:lease:list'], ...omitUndefined({ lease: request.lease }) };
    // AWS's own name of this right, so that a session policy that leaves it out takes it away.
    case 'IssueToken':
      return { actions: ['sts:GetWebIdentityToken', 'sts:token:getWebIdentityToken'] };
    case 'GetCallerIdentity':
      return { actions: ['sts:GetCallerIdentity', 'sts:identity:getCallerIdentity'] };
    default:
      return undefined;
  }
};

/**
 * The one gate for the holder of a session, whatever it asks and of whichever account: what narrows a session narrows
 * all that it asks for, or one that may do nothing could have another that may. Throws an StsError if it may not.
 */
export const heedSession = (sessionMay: SessionMay, caller: Caller, request: TokenRequest): void => {
  const why = whyNot(sessionMay, caller, request);
  if (why !== undefined) throw new StsError('AccessDenied', why);
};

/** Whether `heedSession` lets the caller ask for this. */
export const sessionLets = (sessionMay: SessionMay, caller: Caller, request: TokenRequest): boolean =>
  whyNot(sessionMay, caller, request) === undefined;

const whyNot = (sessionMay: SessionMay, { session }: Caller, request: TokenRequest): string | undefined => {
  if (session === undefined) return undefined;
  const act = actOf(request);
  if (act === undefined) return 'This operation takes a long-term key, not temporary credentials.';
  return sessionMay(session, act) ? undefined : 'The policy of this session does not allow to ask for this.';
};

/** A session by `GetSessionToken` is its caller; what another obtains forms a chain with it. */
const isChained = ({ session }: Caller): boolean => session !== undefined && session.kind !== 'user';

/** What a token of our own issuer says of a caller that is a session; nothing of one that is its caller. */
export const chainClaim = (caller: Caller): Readonly<Record<string, true>> =>
  isChained(caller) ? { [sessionClaim]: true } : {};

/** For how long a caller may be given something. */
export const chainedRange = (caller: Caller, range: DurationRange): DurationRange =>
  isChained(caller)
    ? { ...range, max: Math.min(range.max, maxChainedSeconds), default: Math.min(range.default, maxChainedSeconds) }
    : range;

/** By how much the clock of a cloud may be ahead of ours. */
const maxSkewMs = 60_000;

/** Throws an StsError if a caller may not be given what was minted already, as it lives longer than its chain may. */
export const heedChain = (caller: Caller, lifetimeMs: number): void => {
  if (!isChained(caller) || lifetimeMs <= maxChainedSeconds * 1000 + maxSkewMs) return;
  throw new StsError('AccessDenied', 'This lives longer than the hour for which a session may be given anything.');
};
