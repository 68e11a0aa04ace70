import type { Proof } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { type Edition, readHmac, type Signed, verify } from './qcloud-hmac.ts';

/** How far the clocks may differ, either way: the newer pages' 5 minutes, not the 2 hours of the oldest. */
const windowMilliseconds = 5 * 60 * 1000;

/**
 * The signature that parameters offer, as a proof; throws an StsError if it cannot be read. A signature
 * over any of these places is valid: the request does not tell by which name the sender knew this server.
 */
export const qcloudHmacProof = (
  { method, params }: Pick<Signed, 'method' | 'params'>,
  edition: Edition,
  places: readonly Pick<Signed, 'host' | 'path'>[],
): Proof => {
  const reading = readHmac(params, edition);
  if (reading.kind === 'none') return reading;
  if (reading.kind !== 'proof') {
    const { parameter } = reading;
    throw reading.kind === 'missing'
      ? new StsError('MissingParameter', `${parameter} is missing.`, { parameter })
      : new StsError('InvalidParameter', `Parameter \`${parameter}\` type error.`, { parameter });
  }
  const { proof } = reading;
  const at = proof.signedAt.getTime();
  return {
    kind: 'signature',
    scheme: 'qcloud-hmac',
    accessKeyId: proof.accessKeyId,
    ...(proof.sessionToken === undefined ? {} : { sessionToken: new Secret(proof.sessionToken) }),
    valid: { from: new Date(at - windowMilliseconds), until: new Date(at + windowMilliseconds) },
    // Over the nonce and the timestamp, among all else.
    uniqueSignature: proof.signature,
    verify: (secret) =>
      verify(
        places.map((place) => ({ method, params, ...place })),
        proof,
        secret,
      ),
  };
};
