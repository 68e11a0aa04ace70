import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../core/caller.ts';
import { StsError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Secret } from '../../core/secret.ts';
import { callerOf, faultOfKey, type KeysById } from './caller-keys.ts';

const comparison = createSecretKey(randomBytes(32));
const digest = (text: string): Buffer => createHmac('sha256', comparison).update(text).digest();

/** Whoever shows a long-term key as it is (ECS `/login`, Basic). Compared by digest, so lengths do not show either. */
export const byPassword =
  (keys: KeysById) =>
  (accessKeyId: string, secret: Secret, now: Date): Caller => {
    const key = keys.get(accessKeyId);
    const expected = digest(key?.secret.reveal() ?? randomBytes(32).toString('base64'));
    const matches = timingSafeEqual(expected, digest(secret.reveal()));
    const proofFault = faultOfKey(key, now);
    if (!matches || key === undefined || proofFault !== undefined) {
      throw new StsError('UnknownKey', 'The name or the password is wrong.', omitUndefined({ proofFault }));
    }
    return callerOf(key);
  };
