import { hash } from 'node:crypto';
import type { Caller } from '../../core/caller.ts';
import { StsError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { Store } from '../../core/store.ts';
import { storeAnswer } from '../../core/store-answer.ts';
import type { Keyring } from '../../stores/seal/keyring.ts';
import { open, seal } from '../../stores/seal/seal.ts';
import { isObject, readJson } from '../../wire/json.ts';
import { callerOf, type KeysById, keyOf } from './caller-keys.ts';

/** What a token is sealed for: one that was sealed for anything else does not open. */
const context = 'login';
/** Dell ECS lets a token live for 8 hours. Its limit of 2 idle hours would need a write for each request, so there is none. */
const lifetimeMs = 8 * 3600 * 1000;

/** Tokens that stand for an earlier login: sealed, so that every instance can read them. */
export interface Logins {
  begin(caller: Caller, now: Date): Secret;
  /** The caller that logged in; rejects with an StsError if the token is not valid. */
  read(token: Secret, now: Date): Promise<Caller>;
  /** Ends one login, on every instance that shares the store. */
  end(token: Secret, now: Date): Promise<void>;
}

/** A login is used up when it ends. No login is read so often: it would be 74,000 times a second for eight hours. */
const maxUses = 2 ** 31 - 1;

const usesKey = (token: Secret): string => `login uses ${hash('sha256', token.reveal(), 'base64url')}`;

/** What is sealed in the token of a login; undefined if it is none of ours. */
const contentOf = (ring: Keyring, token: Secret): { readonly key: string; readonly until: number } | undefined => {
  const opened = open(ring, context, token.reveal());
  const content = opened === undefined ? undefined : readJson(opened.value.toString('utf8'));
  if (!isObject(content)) return undefined;
  const { key, until } = content;
  return typeof key === 'string' && typeof until === 'number' ? { key, until } : undefined;
};

export const logins = (ring: Keyring, keys: KeysById, store: Store): Logins => ({
  begin: (caller, now) =>
    new Secret(
      seal(ring, context, Buffer.from(JSON.stringify({ key: caller.accessKeyId, until: now.getTime() + lifetimeMs }))),
    ),

  read: async (token, now) => {
    const content = contentOf(ring, token);
    if (content === undefined) throw new StsError('InvalidToken');
    if (content.until <= now.getTime()) throw new StsError('TokenExpired');
    // The key may have been removed since.
    const caller = callerOf(keyOf(keys, content.key, now, 'InvalidToken'));
    // Counted rather than looked up: a store forgets no counter to make room, and one that cannot be reached gives
    // nothing. A value that says "ended" could be evicted, or be out of reach, and the login would be valid again.
    const used = await storeAnswer(
      store.consume(usesKey(token), 1, maxUses, new Date(content.until), caller.name),
      'Whether the login has ended cannot be told now.',
    );
    if (used === 0) throw new StsError('InvalidToken');
    return { ...caller, proof: 'login' };
  },

  end: async (token, now) => {
    const until = new Date(now.getTime() + lifetimeMs);
    const content = contentOf(ring, token);
    const key = content && keys.get(content.key);
    // Failing is better than saying that a login has ended which other instances still accept. That nothing is left to
    // use up means that it has ended already.
    await storeAnswer(
      store.consume(usesKey(token), maxUses, maxUses, until, key && callerOf(key).name),
      'The end of the login cannot be stored now.',
    );
  },
});
