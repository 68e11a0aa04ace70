import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { spec } from '../../functions/sts.ts';
import { compose } from '../../lib/app/compose.ts';
import { createBroker } from '../../lib/broker/broker.ts';
import { readConfig } from '../../lib/config/load.ts';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { Dialect } from '../../lib/core/cloud.ts';
import { StsError } from '../../lib/core/errors.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { createApp } from '../support/app.ts';

const now = () => new Date('2026-01-01T00:00:00Z');
const request = (changes: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  scheme: 'https',
  host: 'sts.example.com',
  path: '/',
  query: '',
  headers: {},
  body: '',
  ...changes,
});

describe('a request that cannot be read', () => {
  const large = 'a'.repeat(64 * 1024 + 1);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  const unreadable: readonly [string, Partial<HttpRequest>, RegExp][] = [
    ['json', { path: '/assumeRole', headers: { 'content-type': 'application/json' } }, /"code":"RequestTooLarge"/],
    ['oauth', { path: '/token', headers: form }, /"error":"invalid_request"/],
    ['tencent-v2', { path: '/v2/index.php', headers: form }, /"codeDesc":"/],
    [
      'tencent-v3',
      { headers: { 'x-tc-action': 'AssumeRole', authorization: 'TC3-HMAC-SHA256 a' } },
      /"Error":\{"Code":"/,
    ],
    ['ucloud', { query: 'Action=AssumeRole&PublicKey=a', headers: form }, /"RetCode":/],
    ['ecs', { path: '/sts' }, /^<|^\{/],
    ['alibaba', { headers: { ...form, authorization: 'ACS3-HMAC-SHA256 a' } }, /"Recommend":/],
    ['volcengine', { headers: { ...form, authorization: 'HMAC-SHA256 a' } }, /"ResponseMetadata":/],
    ['huawei', { path: '/v5/agencies/assume' }, /"error_code":"APIGW.0201"/],
    ['aws', { headers: { ...form, authorization: 'AWS4-HMAC-SHA256 a' } }, /<Code>RequestEntityTooLarge<\/Code>/],
  ];
  const oversized: readonly [string, string, string, RegExp][] = [
    ['oauth', '/token', 'grant_type=a', /"error":"invalid_request"/],
    ['tencent-v2', '/v2/index.php', 'SecretId=a', /"codeDesc":"RequestSizeLimitExceeded"/],
    ['tencent-v3', '/', 'Action=AssumeRole&SecretId=a', /"Code":"RequestSizeLimitExceeded"/],
    ['ucloud', '/', 'Action=AssumeRole&PublicKey=a', /"RetCode":230/],
    ['ecs', '/sts', 'Action=AssumeRole', /<Code>RequestEntityTooLarge</],
    ['alibaba', '/', 'Action=AssumeRole&Version=2015-04-01', /"Code":"InvalidParameter"/],
    ['volcengine', '/', 'Action=AssumeRole&Version=2018-01-01', /"Code":"InvalidParameter"/],
    ['huawei', '/v5/agencies/assume', 'a=b', /"error_code":"APIGW.0201"/],
    ['aws', '/', 'Action=AssumeRole&Version=2011-06-15', /<Code>RequestEntityTooLarge</],
  ];

  it('is tried in every dialect', () => {
    const ids = spec.dialects.map(({ id }) => id);
    expect(unreadable.map(([id]) => id).sort()).toEqual([...ids].sort());
    expect(oversized.map(([id]) => id).sort()).toEqual(ids.filter((id) => id !== 'json').sort());
  });

  it.each(unreadable)('is refused in the dialect that the rest of it is in: %s', async (dialect, changes, words) => {
    const app = createApp({ config: { accounts: {} } });
    const { text, status } = await app.send(request({ ...changes, body: large }));
    expect(text).toMatch(words);
    expect(status).not.toBe(500);
    expect(app.records).toMatchObject([{ dialect, outcome: 'RequestTooLarge' }]);
  });

  it.each(oversized)(
    'is refused so if it is too long, in a query or in a form: %s',
    async (dialect, path, words, said) => {
      const app = createApp({ config: { accounts: {} } });
      for (const long of [`${words}&Policy=${large}`, `Policy=${large}&${words}`]) {
        for (const changes of [
          { method: 'GET', query: long },
          { headers: form, body: long },
        ]) {
          const { text, status } = await app.send(request({ path, ...changes }));
          expect(text).toMatch(said);
          // Of another status, the SDKs of these do not read the body.
          if (/^(tencent|ucloud)/.test(dialect)) expect(status).toBe(200);
          expect(app.records.at(-1)).toMatchObject({ dialect, outcome: 'RequestTooLarge' });
        }
      }
    },
  );

  it.each([
    ['tencent-v2', '/v2/index.php', 'SecretId=a', /"codeDesc":"InvalidRequest"/],
    ['tencent-v3', '/', 'Action=AssumeRole&SecretId=a', /"Code":"InvalidRequest"/],
    ['ucloud', '/', 'Action=AssumeRole&PublicKey=a', /"RetCode":230/],
    ['ecs', '/sts', 'Action=AssumeRole', /<Code>MalformedQueryString</],
    ['aws', '/', 'Action=AssumeRole&Version=2011-06-15', /<Code>MalformedQueryString</],
  ])('is refused so whatever is wrong with its parameters: %s', async (dialect, path, words, said) => {
    const app = createApp({ config: { accounts: {} } });
    const many = Array.from({ length: 1000 }, (_, index) => `p${index}=`).join('&');
    for (const broken of [`${words}&a=1&a=2`, `a=%ff&${words}`, `${words}&%=`, `${words}&${many}`]) {
      for (const changes of [
        { method: 'GET', query: broken },
        { headers: form, body: broken },
      ]) {
        const { text } = await app.send(request({ path, ...changes }));
        expect(text).toMatch(said);
        expect(app.records.at(-1)).toMatchObject({ dialect, outcome: 'InvalidRequest' });
      }
    }
  });

  it.each([
    ['names a member twice', '{"Action":"AssumeRole","PublicKey":"a","a":1,"a":2}', 'InvalidRequest'],
    ['breaks off', '{"Action":"AssumeRole","PublicKey":"a"', 'InvalidRequest'],
    ['is too long', `{"Action":"AssumeRole","PublicKey":"a","a":"${large}"}`, 'RequestTooLarge'],
  ])("is refused in UCloud's dialect if its JSON %s", async (_what, body, outcome) => {
    const app = createApp({ config: { accounts: {} } });
    const headers = { 'content-type': 'application/json' };
    const { text } = await app.send(request({ headers, body }));
    expect(text).toMatch(/"RetCode":230/);
    expect(app.records).toMatchObject([{ dialect: 'ucloud', outcome }]);
  });

  it('is refused in the first dialect if no dialect recognizes it', async () => {
    const app = createApp({ config: { accounts: {} } });
    const { status, body } = await app.send(request({ path: '/nowhere' }));
    expect([status, body.code]).toEqual([404, 'NotFound']);
    expect(app.records).toMatchObject([{ dialect: 'json', outcome: 'NotFound' }]);
  });
});

describe('a request', () => {
  /** A broker with one dialect of the test's own. */
  const incoming = async (changes: Partial<Dialect>) => {
    const records: AuditRecord[] = [];
    const dialect: Dialect = {
      id: 'test',
      recognizes: () => true,
      parse: () => ({ request: { operation: 'GetCallerIdentity' }, proof: { kind: 'none' } }),
      render: () => ({ status: 200, headers: {}, body: 'rendered' }),
      renderError: ({ code, message }) => ({ status: 400, headers: {}, body: `${code}: ${message}` }),
      ...changes,
    };
    const appDeps = {
      store: memoryStore(now),
      transport: async () => {
        throw new StsError('CloudUnavailable');
      },
      audit: unlimitedAuditLog(async (record) => {
        records.push(record);
      }),
      now,
      nonce: () => 1,
    };
    const config = readConfig({}, { folder: '/nowhere', environment: {} });
    const broker = createBroker(compose({ dialects: [dialect], clouds: spec.clouds }, config, appDeps));
    const response = await broker({
      request: request(),
      requestId: 'request-1',
      sourceIp: '192.0.2.1',
      signal: AbortSignal.timeout(60_000),
    });
    return { response, records };
  };

  it('that fails unexpectedly is recorded, and its answer says nothing of the failure', async () => {
    const { response, records } = await incoming({
      parse: () => {
        throw new TypeError('the-secret is not a function');
      },
    });
    expect(response.body).toMatch(/^Internal: /);
    expect(response.body + inspect(records)).not.toContain('the-secret');
    expect(records).toMatchObject([{ outcome: 'Internal' }]);
  });

  it('has one record, whatever came of it, with its time, its caller and where it came from', async () => {
    const { records } = await incoming({});
    expect(records).toMatchObject([
      {
        time: now(),
        requestId: 'request-1',
        dialect: 'test',
        sourceIp: '192.0.2.1',
        operation: 'GetCallerIdentity',
        outcome: 'Unauthenticated',
      },
    ]);
  });
});

describe('the identity of a caller', () => {
  const authority = { keys: ['env:SEALING'], accountIds: { aws: '123456789012' } };
  const accounts = { authority: { cloud: 'authority' } };

  it('comes from the authority, also if the authority is named as an account', async () => {
    const app = createApp({ config: { accounts, authority }, environment: { SEALING: 'x'.repeat(32) } });
    const plain = await app.ask('/getCallerIdentity', {});
    const named = await app.ask('/getCallerIdentity', { account: 'authority' });
    expect(plain.body.identity).toMatchObject({ arn: 'arn:aws:iam::123456789012:user/ci', accountId: '123456789012' });
    expect([named.status, named.body.identity]).toEqual([200, plain.body.identity]);
  });

  it('is not available without an authority', async () => {
    const app = createApp({ config: { accounts: {} } });
    const { status, body } = await app.ask('/getCallerIdentity', {});
    expect([status, body.code]).toEqual([400, 'UnsupportedOperation']);
  });

  it('of an account is told to callers that a grant allows', async () => {
    const written = { accounts, authority, grants: [] };
    const app = createApp({ config: written, environment: { SEALING: 'x'.repeat(32) } });
    expect((await app.ask('/getCallerIdentity', { account: 'authority' })).body.code).toBe('AccessDenied');
    expect((await app.ask('/getCallerIdentity', { account: 'nowhere' })).body.code).toBe('AccessDenied');
  });
});

describe('brokers that share keys', () => {
  const open = (roles: object, SEALING = 'x'.repeat(32)) =>
    createApp({
      config: {
        accounts: { authority: { cloud: 'authority' } },
        authority: { keys: ['env:SEALING'], accountIds: { aws: '123456789012' }, roles },
      },
      environment: { SEALING },
    });
  const roles = { demo: { trust: ['ci'] } };

  it('accept each other’s session credentials, and no other broker does', async () => {
    const here = open(roles);
    const asked = { roleArn: 'arn:aws:iam::123456789012:role/demo', roleSessionName: 'me' };
    const { credentials } = (await here.ask('/assumeRole', asked)).body;
    const key = {
      id: credentials.accessKeyId,
      secret: new Secret(credentials.secretAccessKey),
      token: new Secret(credentials.sessionToken),
    };
    const who = request({ path: '/getCallerIdentity', headers: { 'content-type': 'application/json' }, body: '{}' });
    const signed = sign(who, key, { now: now(), region: 'local', service: 'credmint' });
    const said = async (app: ReturnType<typeof open>) => {
      const { body } = await app.send(signed);
      return body.identity?.arn ?? body.code;
    };
    expect(await said(open(roles))).toBe('arn:aws:sts::123456789012:assumed-role/demo/me');
    expect(await said(open({}))).toBe('InvalidToken');
    expect(await said(open(roles, 'y'.repeat(32)))).toBe('InvalidToken');
  });
});
