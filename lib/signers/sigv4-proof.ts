import type { SignatureProof } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import { type HttpRequest, signedPaths } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { readSigv4, verifySigv4 } from './sigv4.ts';

/**
 * How far the clocks may differ, either way.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const windowMilliseconds = 15 * 60 * 1000;

/**
 * The SigV4 signature that a request offers, as a proof; throws an StsError if it cannot be read. A
 * signature over one of the `publicHosts` is as valid as one over the Host header, which a gateway may have changed.
 */
export const sigv4Proof = (request: HttpRequest, publicHosts: readonly string[] = []): SignatureProof => {
  const proof = readSigv4(request);
  if (proof === undefined) {
    throw new StsError(
      'MalformedAuthorization',
      'The signature must have Credential, SignedHeaders with host, Signature and a date.',
    );
  }
  const at = proof.signedAt.getTime();
  const lasts = proof.expiresSeconds === undefined ? windowMilliseconds : proof.expiresSeconds * 1000;
  return {
    kind: 'signature',
    scheme: 'sigv4',
    accessKeyId: proof.accessKeyId,
    ...(proof.sessionToken === undefined ? {} : { sessionToken: new Secret(proof.sessionToken) }),
    valid: { from: new Date(at - windowMilliseconds), until: new Date(at + lasts) },
    verify: (secret) =>
      signedPaths(request).some((path) =>
        [request.host, ...publicHosts].some((host) => verifySigv4({ ...request, path, host }, proof, secret)),
      ),
  };
};
