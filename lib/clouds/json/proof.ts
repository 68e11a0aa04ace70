import { offersSigv4 } from '../../signers/sigv4.ts';
import { sigv4Proof } from '../../signers/sigv4-proof.ts';
import { offersTc3 } from '../../signers/tc3.ts';
import { tc3Proof } from '../../signers/tc3-proof.ts';
import type { Proof } from '../../sts/caller.ts';
import type { Occasion } from '../../sts/cloud.ts';
import { StsError } from '../../sts/errors.ts';
import type { HttpRequest } from '../../sts/http.ts';
import { Secret } from '../../sts/secret.ts';

/** How a caller of the JSON API proves itself: a JWT, or SigV4 or TC3 of an access key over the same request. */
export const proofOf = ({ request, publicHosts }: Occasion, bareToken: boolean): Proof => {
  const authorization = request.headers['authorization']?.trim();
  if (authorization === undefined || authorization === '') return { kind: 'none' };
  const bearer = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return { kind: 'jwt', token: new Secret(bearer) };
  // The container credentials provider sends its token as the whole header, without a scheme.
  if (bareToken && /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(authorization)) {
    return { kind: 'jwt', token: new Secret(authorization) };
  }
  if (offersSigv4(request)) return sigv4Proof(request, publicHosts);
  if (offersTc3(request)) return tc3Proof(request, places(request, publicHosts));
  throw new StsError(
    'MalformedAuthorization',
    'The Authorization must be Bearer, AWS4-HMAC-SHA256 or TC3-HMAC-SHA256.',
  );
};

/** Of the clients of TC3, some sign the host with its port and some without. */
const places = ({ host, path }: HttpRequest, publicHosts: readonly string[] = []) =>
  [host, host.replace(/:\d+$/, ''), ...publicHosts].map((one) => ({ host: one, path }));
