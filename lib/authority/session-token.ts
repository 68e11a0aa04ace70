import { createHmac, type KeyObject } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Session } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import type { Keyring } from '../stores/seal/keyring.ts';
import { open, seal } from '../stores/seal/seal.ts';

// A session token is the session itself, sealed. Every instance that has the ring can open it, so none needs a
// database; the access key id is the context it is sealed in, so a token opens only beside the id it was issued with;
// and the secret is derived from the token, so a triad cannot be recombined from two.

const contextOf = (accessKeyId: string): string => `session ${accessKeyId}`;
const maxPlainBytes = 64 * 1024;

/** What narrows a session is too much to travel with it. */
export const sessionTooLarge = (): StsError =>
  new StsError('PolicyTooLarge', 'The session policy and tags are too large together.', { parameter: 'Policy' });

/** The secret access key that belongs to a token: 40 characters with 240 bits of entropy. */
const secretOf = (binding: KeyObject, token: string): Secret =>
  new Secret(createHmac('sha256', binding).update(token).digest('base64url').slice(0, 40));

const pack = (session: Session): Buffer => {
  const text = Buffer.from(
    JSON.stringify([
      session.kind,
      session.caller,
      session.dialect,
      session.role ?? null,
      session.name,
      session.policies,
      session.tags ?? null,
      session.sourceIdentity ?? null,
      session.issuedAt.getTime() / 1000,
      session.expiration.getTime() / 1000,
      session.subject ?? null,
    ]),
  );
  if (text.length > maxPlainBytes) throw sessionTooLarge();
  // Stryker disable next-line ConditionalExpression,EqualityOperator: either form opens as well; this one is the shorter
  if (text.length < 400) return Buffer.concat([Buffer.of(0), text]);
  return Buffer.concat([Buffer.of(1), deflateRawSync(text)]);
};

const unpack = (accessKeyId: string, value: Buffer): Session => {
  const body = value.subarray(1);
  const plain = value[0] === 1 ? inflateRawSync(body, { maxOutputLength: maxPlainBytes }) : body;
  // Written by `pack` and proven by the seal, so its form needs no check.
  const [kind, caller, dialect, role, name, policies, tags, sourceIdentity, issued, expires, subject] = JSON.parse(
    plain.toString('utf8'),
  );
  return {
    kind,
    accessKeyId,
    caller,
    dialect,
    name,
    policies,
    ...omitUndefined({
      role: role ?? undefined,
      tags: tags ?? undefined,
      sourceIdentity: sourceIdentity ?? undefined,
      subject: subject ?? undefined,
    }),
    issuedAt: new Date(issued * 1000),
    expiration: new Date(expires * 1000),
  };
};

/** The token of a session and the secret bound to it; an StsError if the session is larger than one that is opened. */
export const closeSession = (ring: Keyring, session: Session): { readonly token: Secret; readonly secret: Secret } => {
  const token = seal(ring, contextOf(session.accessKeyId), pack(session));
  return { token: new Secret(token), secret: secretOf(ring.current.binding, token) };
};

/** A session, and the secret of its triad. */
export interface OpenedSession {
  readonly session: Session;
  readonly secret: Secret;
}

/** Returns undefined if token and id do not belong together, or the token is not one of ours. */
export const openSession = (ring: Keyring, accessKeyId: string, token: Secret): OpenedSession | undefined => {
  const opened = open(ring, contextOf(accessKeyId), token.reveal());
  if (opened === undefined) return undefined;
  return { session: unpack(accessKeyId, opened.value), secret: secretOf(opened.key.binding, token.reveal()) };
};
