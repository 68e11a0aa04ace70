import type { Caller } from '../../core/caller.ts';
import { StsError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Secret } from '../../core/secret.ts';
import { callerOf, faultOfKey, type KeysById } from './caller-keys.ts';
import { isSameSecret } from './same-secret.ts';

/** Proves the caller that shows the secret of a long-term key (ECS `/login`, Basic), or throws an StsError. */
export const byPassword =
  (keys: KeysById) =>
  (accessKeyId: string, secret: Secret, now: Date): Caller => {
    const key = keys.get(accessKeyId);
    const isSame = isSameSecret(key?.secret, secret);
    const proofFault = faultOfKey(key, now);
    if (!isSame || key === undefined || proofFault !== undefined) {
      throw new StsError('UnknownKey', 'The name or the password is wrong.', omitUndefined({ proofFault }));
    }
    return callerOf(key);
  };
