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

/** For whom a signature must be. */
export interface Sigv4Audience {
  /** The names of this server: the signature must be over one of them. */
  readonly hosts: readonly string[];
  /** What the scope may name as the service. */
  readonly services: readonly string[];
}

/**
 * The SigV4 signature that a request offers, as a proof. A presigned request is valid no longer than one that is signed
 * in its header, whatever it says: it could be passed on for a week. Throws `MalformedAuthorization`, which says what is
 * missing.
 */
export const sigv4Proof = (request: HttpRequest, { hosts, services }: Sigv4Audience): SignatureProof => {
  const signature = readSigv4(request);
  if ('fault' in signature) throw new StsError('MalformedAuthorization', signature.fault);
  const at = signature.signedAt.getTime();
  const lastsMs = Math.min(windowMs, (signature.expiresSeconds ?? Number.POSITIVE_INFINITY) * 1000);
  return {
    kind: 'signature',
    scheme: 'sigv4',
    accessKeyId: signature.accessKeyId,
    ...(signature.sessionToken === undefined ? {} : { sessionToken: new Secret(signature.sessionToken) }),
    valid: { from: new Date(at - windowMs), until: new Date(at + lastsMs) },
    verify: (secret) =>
      services.includes(signature.scope.service) &&
      hosts.some((host) => verifySigv4({ ...request, host }, signature, secret)),
  };
};
