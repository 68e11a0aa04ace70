import { type AwsDeps, awsCall } from '../aws/json.ts';
import { StsError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { member } from '../wire/json.ts';

/** A data key as KMS encrypted it: not a secret, and it names the key of KMS that opens it. */
export interface WrappedKey {
  /** The `CiphertextBlob` of GenerateDataKeyWithoutPlaintext, in base64. */
  readonly wrapped: string;
  readonly region: string;
  readonly endpoint?: URL;
}

/** What a data key is for. KMS opens it only if the request says the same, and writes it into its own log. */
const dataKeyContext = { purpose: 'credmint-store' };

const callMs = 5000;

/** Asks KMS to open a data key. If it does not, rejects with an StsError that says whether that may pass. */
export const openDataKey = async ({ wrapped, region, endpoint }: WrappedKey, deps: AwsDeps): Promise<Secret> => {
  const call = awsCall({ name: 'kms', region, endpoint }, deps);
  const input = { CiphertextBlob: wrapped, EncryptionContext: dataKeyContext };
  const reply = await call('Decrypt', input, AbortSignal.timeout(callMs)).catch(() => {
    throw new StsError('CloudUnavailable', 'KMS does not answer, so the store cannot be opened.');
  });
  if ('error' in reply) {
    const passing = /^(Throttl|RequestLimitExceeded|DependencyTimeout)/.test(reply.error);
    throw new StsError(passing ? 'CloudUnavailable' : 'Misconfigured', 'KMS does not open the data key of the store.');
  }
  const plaintext = member(reply.result, 'Plaintext');
  // Base64 of 32 bytes is 44 characters: shorter is no key to seal with.
  if (typeof plaintext === 'string' && plaintext.length >= 44) return new Secret(plaintext);
  throw new StsError('Misconfigured', 'The data key of the store is not one of 32 bytes.');
};
