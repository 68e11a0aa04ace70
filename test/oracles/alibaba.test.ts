import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { naming } from '../../lib/clouds/alibaba/naming.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/acs-rpc.ts';
import { type LaptopApp, openLaptopApp, type ServedApp } from '../support/app.ts';
import { later, neverTwice, unproxied } from '../support/oracle-environment.ts';
import { ci, openRoles } from '../support/oracle-roles.ts';

type Body = Readonly<Record<string, unknown>>;
type Request = new (members: Body) => object;
interface StsClient {
  assumeRole(request: object): Promise<{ readonly body: Body }>;
  assumeRoleWithOIDC(request: object): Promise<{ readonly body: Body }>;
  getCallerIdentity(): Promise<{ readonly body: Body }>;
}
// By `require`, since a CommonJS default export is one thing to Node and another to the test runner.
const require = createRequire(import.meta.url);
const sts = require('@alicloud/sts20150401') as {
  readonly default: new (config: object) => StsClient;
  readonly AssumeRoleRequest: Request;
  readonly AssumeRoleWithOIDCRequest: Request;
};
const { $OpenApiUtil } = require('@alicloud/openapi-core') as {
  readonly $OpenApiUtil: { readonly Config: new (members: Body) => object };
};
const credentials = require('@alicloud/credentials') as {
  readonly default: new (config: object) => { getCredential(): Promise<Body> };
  readonly Config: new (members: Body) => object;
};

neverTwice();
unproxied();

let app: LaptopApp;
let roles: ServedApp;

beforeAll(async () => {
  [app, roles] = await Promise.all([openLaptopApp(), openRoles()]);
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => Promise.all([app.close(), roles.close()]));

interface Key {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

const ways = [
  { way: 'ACS3-HMAC-SHA256', signing: {} },
  { way: 'HMAC-SHA1', signing: { signatureAlgorithm: 'v2' } },
] as const;

const local = (): Key => ({ accessKeyId: app.access.accessKey.id, accessKeySecret: app.access.accessKey.secret });
const caller: Key = { accessKeyId: ci.id, accessKeySecret: ci.secret };
const client = (signing: object, key: Key, url = app.url): StsClient =>
  new sts.default(new $OpenApiUtil.Config({ ...key, ...signing, endpoint: new URL(url).host, protocol: 'HTTP' }));
const role = (name: string): string => naming.roles(naming.identifier('account', 'credmint'), name, '')[0] ?? '';
const demo = (more: Body = {}) =>
  new sts.AssumeRoleRequest({ roleArn: app.access.roles['alibaba'], roleSessionName: 'me', ...more });
const keyOf = (body: Body): Key => {
  const triad = body['credentials'] as Key;
  return {
    accessKeyId: triad.accessKeyId,
    accessKeySecret: triad.accessKeySecret,
    securityToken: triad.securityToken ?? '',
  };
};

/** As much of what the SDK throws as people look at, which is what the service wrote down. */
const failure = async (act: Promise<unknown>) => {
  try {
    await act;
  } catch (thrown) {
    const { name, code, statusCode, message } = thrown as Error & { code: string; statusCode: number };
    expect(message).not.toBe('');
    return { name, code, statusCode };
  }
  throw new Error('It was allowed.');
};

describe.each(ways)('Alibaba Cloud’s STS client, by $way', ({ signing }) => {
  it('assumes a role, and is somebody else then', async () => {
    const { body } = await client(signing, local()).assumeRole(demo({ durationSeconds: 900 }));
    expect(body).toMatchObject({
      requestId: app.records.at(-1)?.requestId,
      assumedRoleUser: { arn: `${app.access.roles['alibaba']}/me`, assumedRoleId: expect.stringMatching(/:me$/) },
      credentials: { accessKeyId: expect.stringMatching(/^STS\./), expiration: expect.stringMatching(/Z$/) },
    });
    const { expiration } = body['credentials'] as { expiration: string };
    expect(Math.round((Date.parse(expiration) - Date.now()) / 10_000) * 10).toBe(900);
    const before = await client(signing, local()).getCallerIdentity();
    const after = await client(signing, keyOf(body)).getCallerIdentity();
    expect(before.body).toMatchObject({ identityType: 'RAMUser', userId: expect.any(String) });
    expect(after.body).toMatchObject({
      identityType: 'AssumedRoleUser',
      arn: (app.access.roles['alibaba'] ?? '').replace(':role/', ':assumed-role/').concat('/me'),
    });
  });

  it('is narrowed by its policy, whatever characters that has', async () => {
    const policy = {
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: ['oss:GetObject'], Resource: ["acs:oss:*:*:b/p x+~!'()*/数据"] }],
    };
    const { body } = await client(signing, local()).assumeRole(demo({ policy: JSON.stringify(policy) }));
    expect(body).toMatchObject({ credentials: { securityToken: expect.any(String) } });
    // The policy allows no STS, so the role may not be assumed again.
    expect(await failure(client(signing, keyOf(body)).assumeRole(demo()))).toMatchObject({ code: 'NoPermission' });
  });

  it.each([
    ['a false secret', () => ({ accessKeyId: ci.id, accessKeySecret: 'false' }), {}, 'SignatureDoesNotMatch', 400],
    ['an unknown key', () => ({ ...caller, accessKeyId: 'LTAI' }), {}, 'InvalidAccessKeyId.NotFound', 404],
    ['a false token', () => ({ ...caller, securityToken: 'x' }), {}, 'InvalidSecurityToken.Malformed', 400],
    ['no session name', () => caller, { roleSessionName: '' }, 'MissingParameter', 400],
    [
      'a session name of other characters',
      () => caller,
      { roleSessionName: 'a b' },
      'InvalidParameter.RoleSessionName',
      400,
    ],
    ['too short a duration', () => caller, { durationSeconds: 899 }, 'InvalidParameter.DurationSeconds', 400],
    [
      'a longer duration than the role gives',
      () => caller,
      { roleArn: role('short'), durationSeconds: 1000 },
      'InvalidParameter.DurationSeconds',
      400,
    ],
    ['a policy that is none', () => caller, { policy: '{' }, 'InvalidParameter.PolicyGrammar', 400],
    ['too long a policy', () => caller, { policy: 'x'.repeat(2049) }, 'InvalidParameter.PolicySize', 400],
    ['a role that trusts somebody else', () => caller, { roleArn: role('closed') }, 'NoPermission', 403],
    [
      'a role that asks for another external id',
      () => caller,
      { roleArn: role('partner'), externalId: 'no' },
      'NoPermission',
      403,
    ],
    ['a role that there is not', () => caller, { roleArn: role('nobody') }, 'EntityNotExist.Role', 404],
  ] as const)('hears that %s is refused', async (_what, key, changes, code, statusCode) => {
    const request = new sts.AssumeRoleRequest({ roleArn: role('page'), roleSessionName: 'me', ...changes });
    expect(await failure(client(signing, key(), roles.url).assumeRole(request))).toMatchObject({ code, statusCode });
  });

  it('hears that its clock is wrong', async () => {
    const sts = client(signing, caller, roles.url);
    later(20 * 60 * 1000);
    roles.skewMs = -20 * 60 * 1000;
    try {
      const request = demo({ roleArn: role('page') });
      expect(await failure(sts.assumeRole(request))).toMatchObject({
        code: 'InvalidTimeStamp.Expired',
        statusCode: 400,
      });
    } finally {
      roles.skewMs = 0;
    }
  });

  it('brings an external id and a source identity along', async () => {
    const request = demo({ roleArn: role('partner'), externalId: 'four-eyes', sourceIdentity: 'alice' });
    const { body } = await client(signing, caller, roles.url).assumeRole(request);
    expect(body).toMatchObject({ sourceIdentity: 'alice' });
  });
});

describe('a request of Alibaba Cloud that comes twice', () => {
  const query = 'Action=GetCallerIdentity&Format=JSON&Version=2015-04-01';
  const unsigned: HttpRequest = {
    method: 'GET',
    scheme: 'http',
    host: '',
    path: '/',
    query,
    headers: {},
    body: '',
  };
  const send = async (nonce: number, now: Date) => {
    const key = { id: ci.id, secret: new Secret(ci.secret) };
    const answer = await fetch(`${roles.url}/?${sign(unsigned, key, { now, nonce }).query}`);
    return ((await answer.json()) as { Code?: string }).Code;
  };

  it('is refused, though its nonce with another signature is not', async () => {
    const now = new Date();
    expect(await send(7, now)).toBeUndefined();
    expect(await send(7, now)).toBe('SignatureNonceUsed');
    expect(await send(7, new Date(now.getTime() - 1000))).toBeUndefined();
  });
});

describe('Alibaba Cloud’s STS client without a key', () => {
  it('hears that its identity token is not valid', async () => {
    const request = new sts.AssumeRoleWithOIDCRequest({
      OIDCProviderArn: 'acs:ram::1:oidc-provider/x',
      OIDCToken: 'a.b.c',
      roleArn: app.access.roles['alibaba'],
      roleSessionName: 'me',
    });
    const refused = await failure(client({}, local()).assumeRoleWithOIDC(request));
    expect(refused).toMatchObject({ code: 'AuthenticationFail.OIDCToken.Invalid', statusCode: 401 });
  });

  it('assumes a role by an identity token', async () => {
    const request = new sts.AssumeRoleWithOIDCRequest({
      OIDCProviderArn: 'acs:ram::1:oidc-provider/x',
      OIDCToken: app.access.token,
      roleArn: app.access.roles['alibaba'],
      roleSessionName: 'me',
      durationSeconds: 900,
    });
    const { body } = await client({}, local()).assumeRoleWithOIDC(request);
    expect(body).toMatchObject({
      OIDCTokenInfo: { subject: expect.any(String), issuer: app.url },
      credentials: { accessKeyId: expect.stringMatching(/^STS\./) },
    });
  });
});

describe('Alibaba Cloud’s credentials package', () => {
  it('reads the environment variables that are written for it', async () => {
    const answer = await fetch(`${app.url}/assumeRole?format=dotenv`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.access.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ account: 'alibaba', roleArn: app.access.roles['alibaba'], roleSessionName: 'me' }),
    });
    const lines = [...(await answer.text()).matchAll(/^(\w+)='(.*)'$/gm)];
    expect(lines).not.toHaveLength(0);
    for (const [, name = '', value = ''] of lines) vi.stubEnv(name, value);
    const key = (await new credentials.default(
      new credentials.Config({ type: 'sts', ...fromEnvironment() }),
    ).getCredential()) as unknown as Key;
    const { body } = await client({}, key).getCallerIdentity();
    expect(body).toMatchObject({ identityType: 'AssumedRoleUser' });
  });
});

const fromEnvironment = () => ({
  accessKeyId: process.env['ALIBABA_CLOUD_ACCESS_KEY_ID'],
  accessKeySecret: process.env['ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
  securityToken: process.env['ALIBABA_CLOUD_SECURITY_TOKEN'],
});
