import { offersSigv4, readSigv4, verifySigv4 } from '../../signers/sigv4.ts';
import { readTc3, verifyTc3 } from '../../signers/tc3.ts';
import type { Proof } from '../../sts/caller.ts';
import type { Occasion } from '../../sts/cloud.ts';
import { StsError } from '../../sts/errors.ts';
import { Secret } from '../../sts/secret.ts';

const sigv4Window = 15 * 60 * 1000;
const tc3Window = 5 * 60 * 1000;

const malformed = (): never => {
  throw new StsError(
    'MalformedAuthorization',
    'The Authorization must be Bearer, AWS4-HMAC-SHA256 or TC3-HMAC-SHA256.',
  );
};

/** How a caller of the JSON API proves itself: a JWT, or SigV4 or TC3 of an access key over the same request. */
export const proofOf = (occasion: Occasion, bareToken: boolean): Proof => {
  const { request, publicHosts = [] } = occasion;
  const authorization = request.headers['authorization']?.trim();
  if (authorization === undefined || authorization === '') return { kind: 'none' };
  const bearer = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return { kind: 'jwt', token: new Secret(bearer) };
  // The container credentials provider sends its token as the whole header, without a scheme.
  if (bareToken && /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(authorization)) {
    return { kind: 'jwt', token: new Secret(authorization) };
  }
  const hosts = [request.host, ...publicHosts];
  const token = (name: string) => {
    const value = request.headers[name];
    return value === undefined ? {} : { sessionToken: new Secret(value) };
  };
  if (offersSigv4(request)) {
    const proof = readSigv4(request) ?? malformed();
    const at = proof.signedAt.getTime();
    return {
      kind: 'signature',
      scheme: 'sigv4',
      accessKeyId: proof.accessKeyId,
      ...token('x-amz-security-token'),
      valid: { from: new Date(at - sigv4Window), until: new Date(at + sigv4Window) },
      verify: (secret) => hosts.some((host) => verifySigv4({ ...request, host }, proof, secret)),
    };
  }
  if (authorization.startsWith('TC3-HMAC-SHA256')) {
    const proof = readTc3(request) ?? malformed();
    const at = proof.signedAt.getTime();
    return {
      kind: 'signature',
      scheme: 'tc3',
      accessKeyId: proof.accessKeyId,
      ...token('x-tc-token'),
      valid: { from: new Date(at - tc3Window), until: new Date(at + tc3Window) },
      verify: (secret) => hosts.some((host) => verifyTc3({ ...request, host }, proof, secret)),
    };
  }
  return malformed();
};
