import type { SignatureProof } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { readVolc, verifyVolc } from './volc-hmac.ts';

/** How far the clocks may differ, either way. Inferred from SigV4, of which this scheme is a copy. */
const windowMs = 15 * 60 * 1000;

/**
 * The signature that a request offers, as a proof; an StsError if it offers one that cannot be read. A signature over
 * any of the places is valid: under which of them the sender knew this server cannot be seen. One that leaves the host out
 * is valid at every place, and is refused if the host must be signed.
 */
export const volcHmacProof = (
  request: HttpRequest,
  places: readonly Pick<HttpRequest, 'host' | 'path'>[],
  requireSignedHost = false,
): SignatureProof => {
  const proof = readVolc(request);
  if (proof === undefined) {
    throw new StsError(
      'MalformedAuthorization',
      'The signature must have Credential with the date of its X-Date, SignedHeaders with every header of the call, and Signature.',
    );
  }
  if (proof.scope.service !== 'sts') {
    throw new StsError('MalformedAuthorization', 'The signature is for another service than sts.');
  }
  if (requireSignedHost && !proof.signedHeaders.includes('host')) {
    throw new StsError('MalformedAuthorization', 'The signature must cover the host here.');
  }
  const at = proof.signedAt.getTime();
  return {
    kind: 'signature',
    scheme: 'volc-hmac-sha256',
    accessKeyId: proof.accessKeyId,
    ...(proof.sessionToken === undefined ? {} : { sessionToken: new Secret(proof.sessionToken) }),
    valid: { from: new Date(at - windowMs), until: new Date(at + windowMs) },
    verify: (secret) => places.some((place) => verifyVolc({ ...request, ...place }, proof, secret)),
  };
};
