import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessKey } from '../../lib/core/credentials.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { ecPem } from '../support/keyless-pair.ts';
import { type ServedConfig, serveConfig } from '../support/serve-config.ts';

// What a session obtains by other ways than assuming a role: it lives for too long, or is another session's.

const roleOf = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const lease = (durationSeconds: number) => ({
  operation: 'AssumeRole',
  account: 'authority',
  role: roleOf('kept'),
  durationSeconds,
});
const key: AccessKey = { id: 'AKIDCI', secret: new Secret('the-secret-of-ci-0123456789') };

let server: ServedConfig;

beforeAll(async () => {
  server = await serveConfig(
    (url) => ({
      issuer: { url, keys: ['env:EC'] },
      authority: {
        keys: ['env:RING'],
        accountIds: { aws: '123456789012' },
        roles: {
          demo: { trust: ['ci', 'other', 'again'] },
          kept: { trust: ['leases'], maxSessionDurationSeconds: 43_200 },
        },
      },
      accounts: { authority: { cloud: 'authority' } },
      callers: {
        ci: { accessKey: { id: key.id, secret: 'env:CI' } },
        other: { accessKey: { id: 'AKIDOTHER', secret: 'env:CI' } },
        again: { jwt: { issuer: url, audience: 'https://a.example', algorithms: ['ES256'] } },
      },
      leases: { long: lease(7200), short: lease(3600) },
      grants: [
        {
          name: 'all',
          callers: ['ci', 'other'],
          account: 'authority',
          operations: ['AssumeRole', 'GetSessionToken'],
          roles: ['**'],
        },
        {
          name: 'kept',
          callers: ['leases'],
          account: 'authority',
          operations: ['AssumeRole'],
          roles: ['**'],
          maxDurationSeconds: 43_200,
        },
        {
          name: 'read',
          callers: ['session', 'ci'],
          account: 'authority',
          operations: ['ReadLease'],
          leases: ['long', 'short'],
        },
        {
          name: 'tokens',
          callers: ['session', 'ci'],
          account: 'issuer',
          operations: ['IssueToken'],
          token: { audiences: ['https://a.example'] },
        },
        {
          name: 'again',
          callers: ['again'],
          account: 'authority',
          operations: ['AssumeRole'],
          roles: ['**'],
          ownTokens: true,
        },
      ],
    }),
    { EC: ecPem('P-256'), RING: 'r'.repeat(43), CI: key.secret.reveal() },
  );
  await server.keepFresh();
});
afterAll(() => server.close());

const ask = async (by: AccessKey, method: string, path: string, body = '') => {
  const type = body.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded';
  const request = sign(
    {
      method,
      scheme: 'http',
      host: new URL(server.url).host,
      path,
      query: '',
      headers: body === '' ? {} : { 'content-type': type },
      body,
    },
    by,
    { now: new Date(), region: 'local', service: path === '/' ? 'sts' : 'credmint' },
  );
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: request.headers,
    ...(body === '' ? {} : { body }),
  });
  return { status: response.status, text: await response.text() };
};
// biome-ignore lint/suspicious/noExplicitAny: answers of several forms
const send = async (by: AccessKey, method: string, path: string, body = ''): Promise<{ status: number; body: any }> => {
  const { status, text } = await ask(by, method, path, body);
  return { status, body: JSON.parse(text) };
};

const assumed = async (by: AccessKey, roleSessionName: string): Promise<AccessKey> => {
  const asked = { account: 'authority', roleArn: roleOf('demo'), roleSessionName };
  const { status, body } = await send(by, 'POST', '/assumeRole', JSON.stringify(asked));
  expect(status).toBe(200);
  const { accessKeyId, secretAccessKey, sessionToken } = body.credentials;
  return { id: accessKeyId, secret: new Secret(secretAccessKey), token: new Secret(sessionToken) };
};

/** By `GetSessionToken`, which only AWS has. */
const own = async (by: AccessKey): Promise<AccessKey> => {
  const { text } = await ask(by, 'POST', '/', 'Action=GetSessionToken&Version=2011-06-15');
  const of = (name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(text)?.[1] ?? '';
  return { id: of('AccessKeyId'), secret: new Secret(of('SecretAccessKey')), token: new Secret(of('SessionToken')) };
};

describe('a lease', () => {
  it('that lives for more than an hour is read by no session of a role, and by its caller', async () => {
    const session = await assumed(key, 'run-1');
    expect((await send(session, 'GET', '/leases/short')).status).toBe(200);
    expect(await send(session, 'GET', '/leases/long')).toMatchObject({ status: 403, body: { code: 'AccessDenied' } });
    expect((await send(key, 'GET', '/leases/long')).status).toBe(200);
  });

  it('that lives for more than an hour is read by a session that is its caller', async () => {
    const session = await own(key);
    expect((await send(session, 'GET', '/leases/long')).status).toBe(200);
  });
});

describe('a token', () => {
  const tokenOf = async (by: AccessKey): Promise<string> => {
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience: 'https://a.example',
    });
    const { status, body } = await send(by, 'POST', '/token', form.toString());
    expect(status).toBe(200);
    return body.access_token;
  };
  const subjectOf = async (by: AccessKey): Promise<string> =>
    JSON.parse(Buffer.from((await tokenOf(by)).split('.')[1] ?? '', 'base64url').toString()).sub;
  const statusBy = async (token: string): Promise<number> => {
    const response = await fetch(`${server.url}/assumeRole`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ account: 'authority', roleArn: roleOf('demo'), roleSessionName: 'again' }),
    });
    return response.status;
  };

  it('names each session by its caller, its kind, its role and its name', async () => {
    const other = { id: 'AKIDOTHER', secret: key.secret };
    const subjects = [
      await subjectOf(key),
      await subjectOf(await assumed(key, 'run-1')),
      await subjectOf(await assumed(key, 'run-2')),
      await subjectOf(await assumed(other, 'run-1')),
      await subjectOf(await own(key)),
    ];
    expect(subjects.slice(0, 4)).toEqual([
      'caller:ci',
      'session:ci/role/demo/run-1',
      'session:ci/role/demo/run-2',
      'session:other/role/demo/run-1',
    ]);
    expect(subjects[4]).toMatch(/^session:ci\/user\//);
  });

  it('of a session obtains nothing here: neither its policies nor the end of its chain are in it', async () => {
    expect(await statusBy(await tokenOf(key))).toBe(200);
    expect(await statusBy(await tokenOf(await own(key)))).toBe(200);
    expect(await statusBy(await tokenOf(await assumed(key, 'run-1')))).toBe(401);
  });
});
