import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../../core/secret.ts';

const comparison = createSecretKey(randomBytes(32));
const digest = (text: string): Buffer => createHmac('sha256', comparison).update(text).digest();

/**
 * Whether a secret that is shown is the expected one; false, after the same work, if none is expected: it is compared
 * with itself. Compares digests, in constant time, so that neither the lengths show nor whether there is such a secret.
 */
export const isSameSecret = (expected: Secret | undefined, shown: Secret): boolean => {
  const isSame = timingSafeEqual(digest((expected ?? shown).reveal()), digest(shown.reveal()));
  return isSame && expected !== undefined;
};
