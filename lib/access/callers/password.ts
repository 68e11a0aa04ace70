import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../sts/caller.ts';
import { StsError } from '../../sts/errors.ts';
import { present } from '../../sts/present.ts';
import type { Secret } from '../../sts/secret.ts';
import { callerOf, faultOfKey, type KeyBook } from './keys.ts';

const comparison = createSecretKey(randomBytes(32));
const digest = (text: string): Buffer => createHmac('sha256', comparison).update(text).digest();

/** Whoever shows a long-term key as it is (ECS `/login`, Basic). Compared by digest, so lengths do not show either. */
export const byPassword =
  (keys: KeyBook) =>
  (accessKeyId: string, secret: Secret, now: Date): Caller => {
    const key = keys.get(accessKeyId);
    const expected = digest(key?.secret.reveal() ?? randomBytes(32).toString('base64'));
    const matches = timingSafeEqual(expected, digest(secret.reveal()));
    const proofFault = faultOfKey(key, now);
    if (!matches || key === undefined || proofFault !== undefined) {
      throw new StsError('UnknownKey', 'The name or the password is wrong.', present({ proofFault }));
    }
    return callerOf(key);
  };
