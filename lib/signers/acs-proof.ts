import type { Proof, SignatureProof } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { readRpc, type Signed, verifyRpc } from './acs-rpc.ts';
import { readAcs3, verifyAcs3 } from './acs3.ts';

/** How far the clocks may differ, either way. Inferred: no page of Alibaba's gives the figure. */
const windowMs = 15 * 60 * 1000;

interface Read {
  readonly accessKeyId: string;
  readonly sessionToken?: string;
  readonly signedAt: Date;
  readonly signature: string;
}

const proofOf = (scheme: string, read: Read, verify: SignatureProof['verify']): SignatureProof => {
  const at = read.signedAt.getTime();
  return {
    kind: 'signature',
    scheme,
    accessKeyId: read.accessKeyId,
    ...(read.sessionToken === undefined ? {} : { sessionToken: new Secret(read.sessionToken) }),
    valid: { from: new Date(at - windowMs), until: new Date(at + windowMs) },
    // The signature covers a nonce, so no two requests have the same.
    uniqueSignature: read.signature,
    verify,
  };
};

/** The HMAC-SHA1 signature that parameters offer, as a proof; an StsError if they offer one that cannot be read. */
export const acsRpcProof = (signed: Signed): Proof => {
  const reading = readRpc(signed.params);
  if (reading.kind === 'none') return reading;
  if (reading.kind !== 'proof') {
    const { kind, parameter } = reading;
    throw new StsError('MalformedAuthorization', `${parameter} is ${kind}.`, { parameter });
  }
  const { proof } = reading;
  return proofOf('acs-rpc', proof, (secret) => verifyRpc(signed, proof, secret));
};

/**
 * The ACS3 signature that a request offers, as a proof; an StsError if it offers one that cannot be read. A signature
 * over any of the places is valid: under which of them the sender knew this server cannot be seen.
 */
export const acs3Proof = (
  request: HttpRequest,
  places: readonly Pick<HttpRequest, 'host' | 'path'>[],
): SignatureProof => {
  const proof = readAcs3(request);
  if (proof === undefined) {
    throw new StsError(
      'MalformedAuthorization',
      'The signature must have Credential, SignedHeaders with host and every x-acs- header, Signature, a date and a nonce.',
    );
  }
  return proofOf('acs3', proof, (secret) =>
    places.some((place) => verifyAcs3({ ...request, ...place }, proof, secret)),
  );
};
