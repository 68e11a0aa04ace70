import type { Proof } from '../../core/caller.ts';
import type { Asked, Dialect, DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { readBasic, readToken, tokenHeader } from '../../signers/sds-token.ts';
import { sigv4Proof } from '../../signers/sigv4-proof.ts';
import { offersSigv4 } from '../../signers/sigv4-verify.ts';
import { peekQuery, queryAndForm } from '../parameters.ts';
import { signedHosts } from '../signed-hosts.ts';
import { type Endpoint, endpointOf } from './paths.ts';
import { render, renderError } from './render.ts';
import { requestOf } from './requests.ts';

/** Dell ECS and ObjectScale: STS at `/sts` and `/iam`, and the login that goes before it. */
export const dialect: Dialect = {
  id: 'ecs',
  recognizes: ({ path }) => endpointOf(path) !== undefined,
  parse: (context) => parsers[endpointOf(context.request.path) ?? 'sts'](context),
  render,
  renderError,
};

const issuing = (context: DialectContext): Asked => {
  // A presigned URL does not sign its body, so nothing may be said there.
  const presigned = peekQuery(context.request).has('X-Amz-Signature');
  return { request: requestOf(queryAndForm(context.request, presigned)), proof: tokenOrSignature(context) };
};

const parsers: Readonly<Record<Endpoint, (context: DialectContext) => Asked>> = {
  sts: issuing,
  iam: issuing,
  login: ({ request }) => {
    plainGet(request);
    return { request: { operation: 'Login' }, proof: basic(request) };
  },
  logout: (context) => {
    plainGet(context.request);
    // `force` and `username` end other logins than this one. To answer as if they had ended would be a lie.
    if (context.request.query !== '') {
      throw new StsError('UnknownParameter', 'Only the login of this token can be ended here.');
    }
    return { request: { operation: 'Logout' }, proof: tokenOf(context.request) };
  },
  whoami: (context) => {
    plainGet(context.request);
    return { request: { operation: 'GetCallerIdentity' }, proof: tokenOrSignature(context) };
  },
};

const plainGet = ({ method, body }: HttpRequest): void => {
  if (method !== 'GET') throw new StsError('MethodNotAllowed', 'The method must be GET.');
  if (body !== '') throw new StsError('InvalidRequest', 'A GET must not have a body.');
};

const basic = (request: HttpRequest): Proof => {
  const { authorization } = request.headers as { authorization?: string };
  if (authorization === undefined) return { kind: 'none' };
  const proof = readBasic(authorization);
  if (proof === undefined) {
    throw new StsError('MalformedAuthorization', 'A login takes Basic authentication: a name and a password.');
  }
  return { kind: 'password', accessKeyId: proof.name, secret: proof.password };
};

/**
 * The token of the header. ECS takes it from its cookie too; that is not done here, since a browser would send a cookie
 * with requests that any page makes.
 */
const tokenOf = (request: HttpRequest): Proof => {
  const text = request.headers[tokenHeader];
  if (text === undefined) return { kind: 'none' };
  const token = readToken(text);
  if (token === undefined) throw new StsError('InvalidToken', 'The X-SDS-AUTH-TOKEN is no token.');
  return { kind: 'login', token };
};

const tokenOrSignature = (context: DialectContext): Proof => {
  const { request } = context;
  const signed = offersSigv4(request);
  if (signed && request.headers[tokenHeader] !== undefined) {
    throw new StsError('MalformedAuthorization', 'The request must have a token or a signature, not both.');
  }
  // Its own clients leave the service empty.
  return signed ? sigv4Proof(request, { hosts: signedHosts(context), services: ['sts', ''] }) : tokenOf(request);
};
