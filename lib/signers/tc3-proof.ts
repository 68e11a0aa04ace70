import type { SignatureProof } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { payloadIsUnsigned, readTc3, verifyTc3 } from './tc3.ts';

/** How far the clocks may differ, either way. https://cloud.tencent.com/document/api/598/33168 */
const windowMilliseconds = 5 * 60 * 1000;

/** What the Node SDK takes for the service: `127` of 127.0.0.1. */
const firstLabel = (host: string): string => host.split('.', 1)[0] ?? '';

/**
 * The TC3 signature that a request offers, as a proof; throws an StsError if it cannot be read. A signature over any of
 * the places is valid: the request does not tell by which name the sender knew this server. Its service must be one of
 * these, or what the SDKs take for it. It has no nonce: for five minutes, it is valid again.
 */
export const tc3Proof = (
  request: HttpRequest,
  places: readonly Pick<HttpRequest, 'host' | 'path'>[],
  services: readonly string[] = ['sts'],
): SignatureProof => {
  if (!request.headers['x-tc-timestamp']) {
    throw new StsError('MissingParameter', 'X-TC-Timestamp is missing.', { parameter: 'Timestamp' });
  }
  const proof = readTc3(request);
  if (proof === undefined) {
    throw new StsError(
      'MalformedAuthorization',
      'The signature must have Credential with the date of its timestamp, SignedHeaders with content-type and host, and Signature.',
    );
  }
  // Whoever carries the request could put any other body into it.
  if (request.body !== '' && payloadIsUnsigned(request)) {
    throw new StsError('MalformedAuthorization', 'The body decides what is asked, so it must be signed.');
  }
  const at = proof.signedAt.getTime();
  return {
    kind: 'signature',
    scheme: 'tc3',
    accessKeyId: proof.accessKeyId,
    ...(proof.sessionToken === undefined ? {} : { sessionToken: new Secret(proof.sessionToken) }),
    valid: { from: new Date(at - windowMilliseconds), until: new Date(at + windowMilliseconds) },
    verify: (secret) =>
      places.some(
        (place) =>
          [...services, firstLabel(place.host)].includes(proof.scope.service) &&
          verifyTc3({ ...request, ...place }, proof, secret),
      ),
  };
};
