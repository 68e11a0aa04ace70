import { readHmac, verify } from '../../signers/qcloud-hmac.ts';
import { offersTc3, readTc3, verifyTc3 } from '../../signers/tc3.ts';
import type { Proof } from '../../sts/caller.ts';
import type { Occasion } from '../../sts/cloud.ts';
import { StsError } from '../../sts/errors.ts';
import { Secret } from '../../sts/secret.ts';
import type { Params } from '../../wire/query.ts';
import { hostsOf } from '../tencent.ts';
import { windowMilliseconds } from './limits.ts';

const lasting = (signedAt: Date) => ({
  from: new Date(signedAt.getTime() - windowMilliseconds),
  until: new Date(signedAt.getTime() + windowMilliseconds),
});

const token = (text: string | undefined) => (text === undefined ? {} : { sessionToken: new Secret(text) });

/** The TC3 signature that the headers offer. It has no nonce: for five minutes, it is good again. */
export const headerProof = (occasion: Occasion): Proof => {
  const { request } = occasion;
  if (!offersTc3(request)) return { kind: 'none' };
  if (!request.headers['x-tc-timestamp']) {
    throw new StsError('MissingParameter', 'X-TC-Timestamp is missing.', { parameter: 'Timestamp' });
  }
  const proof = readTc3(request);
  if (proof === undefined) {
    throw new StsError(
      'MalformedAuthorization',
      'The signature must have Credential, SignedHeaders with content-type and host, Signature, and the date of its timestamp.',
    );
  }
  return {
    kind: 'signature',
    scheme: 'tc3',
    accessKeyId: proof.accessKeyId,
    ...token(proof.sessionToken),
    valid: lasting(proof.signedAt),
    verify: (secret) => verifyTc3(request, proof, secret, hostsOf(occasion)),
  };
};

/** The signature that the parameters offer. */
export const parameterProof = (occasion: Occasion, params: Params): Proof => {
  const reading = readHmac(params, '3.0');
  if (reading.kind === 'none') return reading;
  if (reading.kind !== 'proof') {
    const { parameter } = reading;
    throw reading.kind === 'missing'
      ? new StsError('MissingParameter', `${parameter} is missing.`, { parameter })
      : new StsError('InvalidParameter', `Parameter \`${parameter}\` type error.`, { parameter });
  }
  const { proof } = reading;
  const { method, path } = occasion.request;
  // The path of API 3.0 is always `/`; a gateway's prefix is not in the signature.
  const paths = new Set([path, '/']);
  const candidates = hostsOf(occasion).flatMap((host) => [...paths].map((at) => ({ method, host, path: at, params })));
  return {
    kind: 'signature',
    scheme: 'qcloud-hmac',
    accessKeyId: proof.accessKeyId,
    ...token(proof.sessionToken),
    valid: lasting(proof.signedAt),
    nonce: `${proof.timestamp} ${proof.nonce}`,
    verify: (secret) => verify(candidates, proof, secret),
  };
};
