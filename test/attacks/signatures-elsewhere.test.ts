import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign as signHuawei } from '../../lib/signers/huawei-hmac.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { presign } from '../../lib/signers/sigv4-presign.ts';
import { sign as signTc3 } from '../../lib/signers/tc3.ts';
import { ciKey, createApp, demoRequestBody, demoRole } from '../support/app.ts';

// A request that was signed for another server, another service or another time is sent here.

const key = { id: ciKey.id, secret: new Secret(ciKey.secret) };
const host = 'mint.example.test';

const query = (host: string): HttpRequest => ({
  method: 'GET',
  scheme: 'https',
  host,
  path: '/',
  query: `Action=AssumeRole&Version=2011-06-15&RoleSessionName=me&RoleArn=${encodeURIComponent(demoRole)}`,
  headers: {},
  body: '',
});
const json = (host: string): HttpRequest => ({
  ...query(host),
  method: 'POST',
  path: '/assumeRole',
  query: '',
  headers: { 'content-type': 'application/json' },
  body: demoRequestBody,
});

describe('where the configuration names the hosts of the server', () => {
  const app = createApp({ config: { publicHosts: [host] } });
  const how = { now: app.now(), region: 'us-east-1', service: 'sts' };

  it.each([
    ['the Query API', query],
    ['the JSON API', json],
  ])('a signature over another host is for another server: %s', async (_, request) => {
    const relayed = sign(request('evil.example'), key, how);
    expect((await app.send(relayed)).status).toBeGreaterThanOrEqual(401);
    expect((await app.send(sign(request(host), key, how))).status).toBe(200);
    // A gateway may have changed the Host header.
    expect((await app.send({ ...sign(request(host), key, how), host: '10.0.0.1' })).status).toBe(200);
  });
});

it.each([
  ['the Query API', query, 's3'],
  ['the Query API', query, 'credmint'],
  ['the JSON API', json, 'execute-api'],
])('a signature for another service is not for this one: %s, %s', async (_, request, service) => {
  const app = createApp();
  const signed = (name: string) => sign(request(host), key, { now: app.now(), region: 'us-east-1', service: name });
  expect((await app.send(signed(service))).status).toBeGreaterThanOrEqual(401);
  expect((await app.send(signed('sts'))).status).toBe(200);
});

it.each(['obs', 'iam', 'credmint'])(
  'a signature of Huawei Cloud by a key that is derived for another service: %s',
  async (service) => {
    const app = createApp();
    const request: HttpRequest = {
      ...json(host),
      path: '/v5/agencies/assume',
      body: JSON.stringify({ agency_urn: 'iam::123456789012:agency:demo', agency_session_name: 'me' }),
    };
    const signed = (name: string) =>
      signHuawei(request, key, { now: app.now(), derived: { region: 'cn-north-4', service: name } });
    expect((await app.send(signed(service))).status).toBeGreaterThanOrEqual(401);
    expect((await app.send(signed('sts'))).status).toBe(200);
  },
);

it('a presigned URL mints for a quarter of an hour, whatever it says', async () => {
  const app = createApp();
  const how = { now: app.now(), region: 'us-east-1', service: 'sts', expiresSeconds: 604_800 };
  const signed = presign(query(host), key, how);
  app.skewMs = 15 * 60_000;
  expect((await app.send(signed)).status).toBe(200);
  app.skewMs += 1;
  expect((await app.send(signed)).status).toBeGreaterThanOrEqual(400);
});

it('a body that TC3 left unsigned decides nothing', async () => {
  const app = createApp();
  const signed = (headers: Record<string, string>) => {
    const request = json(host);
    return signTc3({ ...request, headers: { ...request.headers, ...headers } }, key, {
      now: app.now(),
      service: 'sts',
      signedHeaders: ['content-type', 'host'],
    });
  };
  expect((await app.send(signed({}))).status).toBe(200);
  const refused = await app.send(signed({ 'x-tc-content-sha256': 'UNSIGNED-PAYLOAD' }));
  expect([refused.status, refused.body.code]).toEqual([401, 'MalformedAuthorization']);
});
