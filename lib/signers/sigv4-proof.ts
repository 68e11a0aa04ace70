import type { SignatureProof } from '../core/caller.ts';
import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import { readSigv4, verifySigv4 } from './sigv4.ts';

/**
 * How far the clocks may differ, either way.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 */
const windowMilliseconds = 15 * 60 * 1000;

/** For whom a signature must be. */
export interface Sigv4Audience {
  /** The names of this server: the signature must be over one of them. */
  readonly hosts: readonly string[];
  /** What the scope may name as the service. */
  readonly services: readonly string[];
}

/**
 * The SigV4 signature that a request offers, as a proof; throws an StsError if it cannot be read. A presigned request is
 * valid no longer than one that is signed in its header, whatever it says: it could be passed on for a week.
 */
export const sigv4Proof = (request: HttpRequest, { hosts, services }: Sigv4Audience): SignatureProof => {
  const proof = readSigv4(request);
  if (proof === undefined) {
    throw new StsError(
      'MalformedAuthorization',
      'The signature must have Credential, SignedHeaders with host, Signature and a date.',
    );
  }
  const at = proof.signedAt.getTime();
  const lastsMs = Math.min(windowMilliseconds, (proof.expiresSeconds ?? Number.POSITIVE_INFINITY) * 1000);
  return {
    kind: 'signature',
    scheme: 'sigv4',
    accessKeyId: proof.accessKeyId,
    ...(proof.sessionToken === undefined ? {} : { sessionToken: new Secret(proof.sessionToken) }),
    valid: { from: new Date(at - windowMilliseconds), until: new Date(at + lastsMs) },
    verify: (secret) =>
      services.includes(proof.scope.service) && hosts.some((host) => verifySigv4({ ...request, host }, proof, secret)),
  };
};
