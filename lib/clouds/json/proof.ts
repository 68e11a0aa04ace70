import type { Proof } from '../../core/caller.ts';
import type { DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import { signedPaths } from '../../core/http.ts';
import { Secret } from '../../core/secret.ts';
import { sigv4Proof } from '../../signers/sigv4-proof.ts';
import { offersSigv4 } from '../../signers/sigv4-verify.ts';
import { offersTc3 } from '../../signers/tc3.ts';
import { tc3Proof } from '../../signers/tc3-proof.ts';
import { signedHosts } from '../signed-hosts.ts';

/** What the scope of a signature may name as the service: the field's name for it, or ours. */
const services = ['sts', 'credmint'];

/** How a request may be signed. A function is built without them if none of its callers has a key. */
const schemes = {
  sigv4: {
    offers: offersSigv4,
    proof: (context: DialectContext): Proof => sigv4Proof(context.request, { hosts: signedHosts(context), services }),
  },
  tc3: {
    offers: offersTc3,
    proof: (context: DialectContext): Proof => tc3Proof(context.request, placesOf(context), services),
  },
};

/**
 * How a caller of the JSON API proves itself: a JWT, or SigV4 or TC3 of an access key over the same request; a reader
 * of a lease by the lease's own token, too.
 */
export const proofOf = (context: DialectContext, bareToken: boolean, lease?: string): Proof => {
  const { request } = context;
  const authorization = request.headers['authorization']?.trim();
  if (authorization === undefined || authorization === '') return { kind: 'none' };
  const bearer = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return tokenProof(bearer, lease);
  // The container credentials provider sends its token as the whole header, without a scheme.
  if (bareToken && (isJwt(authorization) || (lease !== undefined && isToken(authorization)))) {
    return tokenProof(authorization, lease);
  }
  for (const { offers, proof } of Object.values(schemes)) if (offers(request)) return proof(context);
  throw new StsError(
    'MalformedAuthorization',
    'The Authorization must be Bearer, AWS4-HMAC-SHA256 or TC3-HMAC-SHA256.',
  );
};

const isJwt = (text: string): boolean => /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(text);
const isToken = (text: string): boolean => /^[A-Za-z0-9._~+/=-]+$/.test(text);

/** A lease's own token never looks like a JWT: the configuration sees to it. */
const tokenProof = (text: string, lease: string | undefined): Proof => {
  const token = new Secret(text);
  return lease === undefined || isJwt(text) ? { kind: 'jwt', token } : { kind: 'readToken', lease, token };
};

/** Of the clients of TC3, some sign the host with its port and some without. */
const placesOf = (context: DialectContext) =>
  signedHosts(context)
    .flatMap((host) => [host, host.replace(/:\d+$/, '')])
    .flatMap((host) => signedPaths(context.request).map((path) => ({ host, path })));
