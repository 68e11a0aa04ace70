import { hash } from 'node:crypto';
import type { Caller, Session, SignatureProof } from '../../core/caller.ts';
import { callerBehind } from '../../core/caller-behind.ts';
import { StsError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import type { Store } from '../../core/store.ts';
import { storeAnswer } from '../../core/store-answer.ts';
import { callerOf, type KeysById, keyOf } from './caller-keys.ts';

/** Opens the session token of a temporary triad, or throws an StsError. */
export type OpenSession = (
  accessKeyId: string,
  token: Secret,
  now: Date,
) => { readonly session: Session; readonly secret: Secret };

/** Proves the caller that signed a request, with a long-term key or with a temporary triad of the authority. */
export const bySignature =
  (keys: KeysById, openSession: OpenSession, store: Store) =>
  async (proof: SignatureProof, now: Date): Promise<Caller> => {
    const { caller, secret } = holder(proof, now, keys, openSession);
    if (proof.valid !== undefined && (now < proof.valid.from || now > proof.valid.until)) {
      throw new StsError('RequestExpired');
    }
    if (!proof.verify(secret)) throw new StsError('SignatureMismatch');
    // After the signature was verified, so that a stranger has nothing remembered. In the store, so that no other
    // instance accepts it either.
    const { uniqueSignature } = proof;
    if (uniqueSignature === undefined) return caller;
    const until = rememberedUntil(proof.valid?.until ?? now);
    const isFirst = await storeAnswer(
      store.acquire(replayKey(proof, uniqueSignature), until, callerBehind(caller)),
      'Whether the request was received cannot be told now.',
    );
    if (!isFirst) throw new StsError('RequestReplayed');
    return caller;
  };

/** A signature is valid until the end of its last instant, so it is remembered a little longer. */
const rememberedUntil = (until: Date): Date => new Date(until.getTime() + 1000);

const replayKey = ({ scheme, accessKeyId }: SignatureProof, signature: string): string =>
  `signature ${hash('sha256', JSON.stringify([scheme, accessKeyId, signature]), 'base64url')}`;

const holder = (
  { accessKeyId, sessionToken }: SignatureProof,
  now: Date,
  keys: KeysById,
  openSession: OpenSession,
): { readonly caller: Caller; readonly secret: Secret } => {
  if (sessionToken === undefined) {
    const key = keyOf(keys, accessKeyId, now, 'UnknownKey');
    return { caller: callerOf(key), secret: key.secret };
  }
  // A long-term key has no token. To ignore one would let a request say two things about who sent it.
  if (keys.has(accessKeyId)) throw new StsError('InvalidToken');
  const { session, secret } = openSession(accessKeyId, sessionToken, now);
  return { caller: { name: 'session', proof: 'session', accessKeyId, session }, secret };
};
