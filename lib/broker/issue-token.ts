import type { Answer } from '../core/cloud.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { TokenRequest } from '../core/requests.ts';
import { decideToken } from '../grants/authorize-token.ts';
import { type AuthenticatedRequest, configured, questionOf } from './authenticated-request.ts';
import { noteDecision } from './issue.ts';
import { fieldsOfActor } from './record-fields.ts';

/** A token of our own issuer, by the same steps as credentials: the grants decide, and the record says all of it. */
export const issueToken = async (
  authenticated: AuthenticatedRequest,
  request: TokenRequest<'IssueToken'>,
): Promise<Extract<Answer, { kind: 'token' }>> => {
  const { deps, caller, proven, incoming, record, now } = authenticated;
  const issuer = configured(deps.issuer);
  const { actorToken } = request;
  const actor = actorToken && (await deps.authenticate({ kind: 'jwt', token: actorToken }, now));
  if (actor !== undefined) proven.push(actor);
  const acting = actor && fieldsOfActor(caller, actor);
  record.note(acting ?? {});
  record.enter('authorize');
  const decision = decideToken(deps.rules, questionOf(authenticated, request), actor);
  const { grant, subject, audiences, claims, durationSeconds, claimsUsed, algorithm } = decision.allowed;
  const seen = { ...caller, ...omitUndefined({ auditOnlyViolations: acting?.auditOnlyViolations }) };
  noteDecision(record, seen, decision, {
    grant,
    durationSeconds,
    tokenSubject: subject,
    ...omitUndefined({ claims: claimsUsed }),
  });
  record.enter('mint');
  const [first = audiences, ...others] = audiences;
  const { token, id, expiration } = await issuer.issue(
    { sub: subject, aud: others.length === 0 ? first : audiences, more: claims },
    { lifetimeSeconds: durationSeconds, ...omitUndefined({ algorithm }) },
    incoming.signal,
  );
  record.note({ tokenId: id, expiration });
  return { kind: 'token', token, expiration };
};
