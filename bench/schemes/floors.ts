import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from 'node:crypto';

// The least that a signature costs: the hashes themselves, over texts that stand ready, by Node's fastest ways.

/** The key that a secret is after the steps of a scheme, each an HMAC-SHA256 of a text; without steps, the secret itself. */
export const floorKey = (secret: string, steps: readonly string[] = []): KeyObject =>
  createSecretKey(steps.reduce((key, text) => createHmac('sha256', key).update(text).digest(), Buffer.from(secret)));

/** One HMAC with a cached key and two hashes, as SigV4 and TC3 need: of the payload, and of the canonical request. */
export const twoHashesAndHmac =
  (key: KeyObject, payload: string, canonical: string, toSign: (hashed: string) => string) => (): string => {
    hash('sha256', payload, 'hex');
    return createHmac('sha256', key)
      .update(toSign(hash('sha256', canonical, 'hex')))
      .digest('hex');
  };

export const oneHmac = (algorithm: string, key: KeyObject, text: string) => (): string =>
  createHmac(algorithm, key).update(text).digest('base64');

export const oneHash = (text: string) => (): string => hash('sha1', text, 'hex');

/** A floor for verifying: the same, and one comparison. */
export const compared = (sign: () => string, claimed: string): (() => boolean) => {
  const expected = Buffer.from(claimed);
  return () => timingSafeEqual(Buffer.from(sign()), expected);
};
