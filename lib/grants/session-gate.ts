import type { Caller } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { DurationRange, TokenRequest } from '../core/requests.ts';
import type { SessionAct, SessionMay } from '../core/session-act.ts';

/**
 * The longest that what a session obtains may live.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
const maxChainedSeconds = 3600;

/** What a request does, in the words of policies. Returns undefined if no session may do it at all. */
const actOf = (request: TokenRequest): SessionAct | undefined => {
  switch (request.operation) {
    case 'AssumeRole':
    case 'AssumeRoleWithWebIdentity':
      return { action: 'sts:AssumeRole', role: request.role };
    case 'ReadLease':
    case 'ListLeases':
      return { action: `credmint:${request.operation}`, ...omitUndefined({ lease: request.lease }) };
    // AWS's own name of this right, so that a session policy that leaves it out takes it away.
    case 'IssueToken':
      return { action: 'sts:GetWebIdentityToken' };
    case 'GetCallerIdentity':
      return { action: 'sts:GetCallerIdentity' };
    default:
      return undefined;
  }
};

/**
 * The one gate for the holder of a session, whatever it asks and of whichever account: what narrows a session narrows
 * all that it asks for, or one that may do nothing could have another that may. Throws an StsError if it may not.
 */
export const heedSession = (sessionMay: SessionMay, { session }: Caller, request: TokenRequest): void => {
  if (session === undefined) return;
  const act = actOf(request);
  if (act === undefined) {
    throw new StsError('AccessDenied', 'This operation takes a long-term key, not temporary credentials.');
  }
  if (!sessionMay(session, act)) {
    throw new StsError('AccessDenied', 'The policy of this session does not allow to ask for this.');
  }
};

/** For how long a caller may be given something: a session by `GetSessionToken` is its caller, the others form a chain. */
export const chainedRange = ({ session }: Caller, range: DurationRange): DurationRange =>
  session === undefined || session.kind === 'user'
    ? range
    : { ...range, max: Math.min(range.max, maxChainedSeconds), default: Math.min(range.default, maxChainedSeconds) };
