import { createPrivateKey } from 'node:crypto';
import type { AwsCall } from '../aws/json.ts';
import { StsError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { kmsSigningKey } from './kms-key.ts';
import type { IssuerKey } from './settings.ts';
import { localSigningKey, type TokenSigningKey } from './signing-key.ts';

/** How AWS KMS is called, by region. */
export type KmsCalls = (key: Extract<IssuerKey, { kind: 'kms' }>) => AwsCall;

/** The signing key of a PEM. Throws a TypeError, which quotes nothing, for a text that is none. */
export const signingKeyOfPem = (pem: Secret): TokenSigningKey => {
  let key: ReturnType<typeof createPrivateKey>;
  try {
    key = createPrivateKey(pem.reveal());
  } catch {
    throw new TypeError('must be a private key as PEM');
  }
  return localSigningKey(key);
};

/** Opens a key of the issuer. Rejects with an StsError if it cannot be used. */
export const openIssuerKey = async (key: IssuerKey, kms: KmsCalls, signal: AbortSignal): Promise<TokenSigningKey> => {
  if (key.kind === 'kms') return kmsSigningKey(key.keyId, kms(key), signal);
  try {
    return signingKeyOfPem(key.pem);
  } catch (thrown) {
    throw new StsError('Misconfigured', `A key of the issuer ${(thrown as Error).message}.`);
  }
};
