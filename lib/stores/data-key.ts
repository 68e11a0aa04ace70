import { Secret } from '../sts/secret.ts';
import { member } from '../wire/json.ts';
import { type AwsMeans, awsCall } from './aws-json.ts';

/** A data key as KMS closed it: not a secret, and it says itself which key of KMS opens it. */
export interface WrappedKey {
  /** The `CiphertextBlob` of GenerateDataKeyWithoutPlaintext, in base64. */
  readonly wrapped: string;
  readonly region: string;
  readonly endpoint?: URL;
}

/** What a data key is for. KMS opens it only for who says the same, and writes it into its own log. */
export const dataKeyContext = { purpose: 'credmint-store' };

const milliseconds = 5000;

/** Asks KMS to open a data key. Rejects where it does not. */
export const openDataKey = async ({ wrapped, region, endpoint }: WrappedKey, means: AwsMeans): Promise<Secret> => {
  const service = { name: 'kms', target: 'TrentService', version: '1.1', region } as const;
  const call = awsCall(endpoint === undefined ? service : { ...service, endpoint }, means);
  const input = { CiphertextBlob: wrapped, EncryptionContext: dataKeyContext };
  const reply = await call('Decrypt', input, AbortSignal.timeout(milliseconds));
  if ('error' in reply) throw new Error(`KMS did not open the data key: ${reply.error}`);
  const plaintext = member(reply.result, 'Plaintext');
  // Base64 of 32 bytes is 44 characters: shorter is no key to seal with.
  if (typeof plaintext !== 'string' || plaintext.length < 44) throw new Error('KMS gave no data key of 32 bytes.');
  return new Secret(plaintext);
};
