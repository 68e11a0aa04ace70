import type { SignatureProof } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { readSigv4, verifySigv4 } from './sigv4-verify.ts';

/**
 * How far the clocks may differ, either way.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const windowMs = 15 * 60 * 1000;

/**
 * The SigV4 signature that a request offers, as a proof. A signature over one of the `publicHosts` is as valid as one
 * over the Host header: a gateway may have changed that. Throws `MalformedAuthorization`, which says what is missing.
 */
export const sigv4Proof = (request: HttpRequest, publicHosts: readonly string[] = []): SignatureProof => {
  const signature = readSigv4(request);
  if ('fault' in signature) throw new StsError('MalformedAuthorization', signature.fault);
  const at = signature.signedAt.getTime();
  const lasts = signature.expiresSeconds === undefined ? windowMs : signature.expiresSeconds * 1000;
  return {
    kind: 'signature',
    scheme: 'sigv4',
    accessKeyId: signature.accessKeyId,
    ...(signature.sessionToken === undefined ? {} : { sessionToken: new Secret(signature.sessionToken) }),
    valid: { from: new Date(at - windowMs), until: new Date(at + lasts) },
    verify: (secret) =>
      verifySigv4(request, signature, secret) ||
      publicHosts.some((host) => verifySigv4({ ...request, host }, signature, secret)),
  };
};
