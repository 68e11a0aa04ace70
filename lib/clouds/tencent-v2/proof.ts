import { readHmac, verify } from '../../signers/qcloud-hmac.ts';
import type { Proof } from '../../sts/caller.ts';
import type { Occasion } from '../../sts/cloud.ts';
import { StsError } from '../../sts/errors.ts';
import { Secret } from '../../sts/secret.ts';
import type { Params } from '../../wire/query.ts';
import { hostsOf } from '../tencent.ts';
import { windowMilliseconds } from './limits.ts';

/** The signature that the parameters offer. */
export const proofOf = (occasion: Occasion, params: Params): Proof => {
  const reading = readHmac(params, '2.0');
  if (reading.kind === 'none') return reading;
  if (reading.kind !== 'proof') {
    const { parameter } = reading;
    throw reading.kind === 'missing'
      ? new StsError('MissingParameter', `${parameter} is missing.`, { parameter })
      : new StsError('InvalidParameter', `${parameter} is not of its form.`, { parameter });
  }
  const { proof } = reading;
  const { method, path } = occasion.request;
  const candidates = hostsOf(occasion).map((host) => ({ method, host, path, params }));
  const at = proof.signedAt.getTime();
  return {
    kind: 'signature',
    scheme: 'qcloud-hmac',
    accessKeyId: proof.accessKeyId,
    ...(proof.sessionToken === undefined ? {} : { sessionToken: new Secret(proof.sessionToken) }),
    valid: { from: new Date(at - windowMilliseconds), until: new Date(at + windowMilliseconds) },
    nonce: `${proof.timestamp} ${proof.nonce}`,
    verify: (secret) => verify(candidates, proof, secret),
  };
};
