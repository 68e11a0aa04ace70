import type { SignatureProof } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { readHuawei, verifyHuawei } from './huawei-hmac.ts';

/** How far the clocks may differ, either way: the figure of API Gateway, which checks the signatures. */
const windowMs = 15 * 60 * 1000;

/**
 * The signature that a request offers, as a proof; an StsError if it offers one that cannot be read. A signature over
 * any of the places is valid: under which of them the sender knew this server cannot be seen.
 */
export const huaweiHmacProof = (
  request: HttpRequest,
  places: readonly Pick<HttpRequest, 'host' | 'path'>[],
): SignatureProof => {
  const proof = readHuawei(request);
  if (proof === undefined) {
    throw new StsError(
      'MalformedAuthorization',
      'The signature must have Access or Credential, SignedHeaders with host and every header of the call, Signature and X-Sdk-Date, and must cover the body.',
    );
  }
  // Only a derived key is for one service.
  if (proof.scope !== undefined && proof.scope.service !== 'sts') {
    throw new StsError('MalformedAuthorization', 'The signature is for another service than sts.');
  }
  const at = proof.signedAt.getTime();
  return {
    kind: 'signature',
    scheme: proof.scope === undefined ? 'huawei-sdk-hmac-sha256' : 'huawei-v11-hmac-sha256',
    accessKeyId: proof.accessKeyId,
    ...(proof.sessionToken === undefined ? {} : { sessionToken: new Secret(proof.sessionToken) }),
    valid: { from: new Date(at - windowMs), until: new Date(at + windowMs) },
    verify: (secret) => places.some((place) => verifyHuawei({ ...request, ...place }, proof, secret)),
  };
};
