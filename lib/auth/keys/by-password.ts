import type { Caller } from '../../core/caller.ts';
import { StsError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import { callerOf, type KeysById, keyOf } from './caller-keys.ts';
import { isSameSecret } from './same-secret.ts';

const wrong = 'The name or the password is wrong.';

/** Proves the caller that shows the secret of a long-term key (ECS `/login`, Basic), or throws an StsError. */
export const byPassword =
  (keys: KeysById) =>
  (accessKeyId: string, secret: Secret, now: Date): Caller => {
    // First, so that it takes as long whether there is such a key or not.
    const isSame = isSameSecret(keys.get(accessKeyId)?.secret, secret);
    const key = keyOf(keys, accessKeyId, now, 'UnknownKey', wrong);
    if (!isSame) throw new StsError('UnknownKey', wrong);
    return callerOf(key);
  };
