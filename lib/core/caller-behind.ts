import { hash } from 'node:crypto';
import type { Caller } from './caller.ts';

/** The name of the caller whose long-term proof began: by sessions of its own, a caller would be many. */
export const callerBehind = ({ name, session }: Caller): string => session?.caller ?? name;

/**
 * Who asks, as one name: a session is not the caller that began it, since it may do less, nor any other session. Only the
 * last part may hold a `/`, so no two have one name.
 */
export const nameOfWho = ({ name, session }: Caller): string => {
  if (session === undefined) return `caller:${name}`;
  const of = session.kind === 'role' ? `role/${session.role}` : session.kind;
  return `session:${session.caller}/${of}/${session.name}`;
};

/**
 * A digest of the subject that asks, by which it is limited: of a caller's tokens each subject, so that one job of a fleet
 * cannot use up the share of the others. A session is limited as the subject that it was minted for.
 */
export const subjectBehind = (caller: Caller): string =>
  caller.session?.subject ??
  hash(
    'sha256',
    JSON.stringify([callerBehind(caller), caller.claims?.['iss'], caller.claims?.['sub']]),
    'base64url',
  ).slice(0, 22);
