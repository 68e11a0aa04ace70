import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { httpApi } from '../../../lib/platform/aws/http-api.ts';
import { restApi } from '../../../lib/platform/aws/rest-api.ts';
import { readRequest } from '../../../lib/platform/raw-request.ts';
import { sign } from '../../../lib/signers/sigv4.ts';
import { sigv4Proof } from '../../../lib/signers/sigv4-proof.ts';

const secret = new Secret('fakeSecretAccessKeyForTestsOnly000000001');
const host = 'sts.example.test';

/** A request as a caller signs it, which knows only where it sends it. */
const signedFor = (path: string): HttpRequest =>
  sign(
    { method: 'POST', scheme: 'https', host, path, query: '', headers: {}, body: '' },
    { id: 'AKIAFAKEEXAMPLE00001', secret },
    { now: new Date('2024-01-15T08:30:45Z'), region: 'us-east-1', service: 'sts' },
  );

const overHttpApi = (sent: string, routeKey: string, pathParameters?: object, stage = 'live') =>
  httpApi.read({
    version: '2.0',
    routeKey,
    rawPath: sent,
    rawQueryString: '',
    headers: { host, ...signedFor(sent).headers },
    requestContext: { http: { method: 'POST', path: sent, sourceIp: '192.0.2.1' }, stage },
    ...(pathParameters && { pathParameters }),
  });

const overRestApi = (sent: string, path: string, resource: string, pathParameters: object | null = null) =>
  restApi.read({
    resource,
    path,
    httpMethod: 'POST',
    headers: { Host: host, ...signedFor(sent).headers },
    requestContext: { path: sent, identity: { sourceIp: '192.0.2.1' } },
    pathParameters,
  });

describe.each([
  ['an HTTP API at its root', overHttpApi('/assumeRole', 'POST /assumeRole', undefined, '$default'), '/assumeRole'],
  ['an HTTP API with a named stage', overHttpApi('/live/assumeRole', 'POST /assumeRole'), '/assumeRole'],
  ['the root of a named stage', overHttpApi('/live/', 'ANY /'), '/'],
  ['the root of a named stage, without its slash', overHttpApi('/live', 'ANY /'), '/'],
  ['a named stage without routes', overHttpApi('/live/leases/nightly', '$default'), '/leases/nightly'],
  ['any path of a stage', overHttpApi('/live/leases/a%20b', 'ANY /{proxy+}', { proxy: 'leases/a b' }), '/leases/a%20b'],
  [
    'the base path of a domain of an HTTP API',
    overHttpApi('/tokens/v1/assumeRole', 'POST /assumeRole', undefined, '$default'),
    '/assumeRole',
  ],
  [
    'a REST API, which always has a stage',
    overRestApi('/live/assumeRole', '/assumeRole', '/assumeRole'),
    '/assumeRole',
  ],
  ['the root of a REST API', overRestApi('/live/', '/', '/'), '/'],
  [
    'the base path of a domain of a REST API',
    overRestApi('/tokens/assumeRole', '/tokens/assumeRole', '/{proxy+}', { proxy: 'assumeRole' }),
    '/assumeRole',
  ],
])('a request through %s', (_where, raw, path) => {
  const { request } = readRequest(raw ?? expect.unreachable());

  it('is routed by the path that the route knows', () => {
    expect(request.path).toBe(path);
  });

  it('is verified by the path as it was sent', () => {
    expect(sigv4Proof(request, { hosts: [host], services: ['sts'] }).verify(secret)).toBe(true);
  });
});

it('a signature over another path is not valid behind a stage either', () => {
  const raw = overHttpApi('/live/assumeRole', 'POST /assumeRole') ?? expect.unreachable();
  const { request } = readRequest({ ...raw, basePath: '/test' });

  expect(sigv4Proof(request, { hosts: [host], services: ['sts'] }).verify(secret)).toBe(false);
});
