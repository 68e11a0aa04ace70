import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as Common from 'tencentcloud-sdk-nodejs/tencentcloud/common/abstract_client.js';
import type * as Sts from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditRecord } from '../../lib/core/audit.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/tc3.ts';
import { type LaptopApp, openLaptopApp, type ServedApp } from '../support/app.ts';
import { frozen, later, neverTwice, unproxied } from '../support/oracle-environment.ts';
import { ci, openRoles } from '../support/oracle-roles.ts';

const require = createRequire(import.meta.url);
const { sts }: typeof Sts = require('tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js');
const { AbstractClient }: typeof Common = require('tencentcloud-sdk-nodejs/tencentcloud/common/abstract_client.js');

neverTwice();
unproxied();

let app: LaptopApp;
let roles: ServedApp;

beforeAll(async () => {
  [app, roles] = await Promise.all([openLaptopApp(), openRoles()]);
});
afterEach(() => {
  app.skewMs = 0;
  vi.useRealTimers();
});
afterAll(() => Promise.all([app.close(), roles.close()]));

interface Way {
  readonly signMethod: 'TC3-HMAC-SHA256' | 'HmacSHA256' | 'HmacSHA1';
  readonly reqMethod: 'GET' | 'POST';
}
const ways: readonly Way[] = (['TC3-HMAC-SHA256', 'HmacSHA256', 'HmacSHA1'] as const).flatMap((signMethod) =>
  (['POST', 'GET'] as const).map((reqMethod) => ({ signMethod, reqMethod })),
);
const usual: Way = { signMethod: 'TC3-HMAC-SHA256', reqMethod: 'POST' };

interface Key {
  readonly secretId: string;
  readonly secretKey: string;
  readonly token?: string;
}
interface Triad {
  readonly TmpSecretId?: string;
  readonly TmpSecretKey?: string;
  readonly Token?: string;
}

const local = (): Key => ({ secretId: app.access.accessKey.id, secretKey: app.access.accessKey.secret });
const keyOf = ({ TmpSecretId = '', TmpSecretKey = '', Token = '' }: Triad = {}): Key => ({
  secretId: TmpSecretId,
  secretKey: TmpSecretKey,
  token: Token,
});

const config = ({ signMethod, reqMethod }: Way, credential: Key, url: string) => ({
  credential,
  region: 'ap-guangzhou',
  profile: { signMethod, httpProfile: { reqMethod, endpoint: new URL(url).host, protocol: 'http://' } },
});
const client = (way = usual, credential = local(), url = app.url) =>
  new sts.v20180813.Client(config(way, credential, url));

const role = (): string => app.access.roles['tencent-v3'] ?? '';
const demo = () => ({ RoleArn: role(), RoleSessionName: 'me' });
const encoded = (policy: unknown): string =>
  encodeURIComponent(typeof policy === 'string' ? policy : JSON.stringify(policy));
const reading = {
  version: '2.0',
  statement: [{ effect: 'allow', action: ['name/cos:GetObject'], resource: ['qcs::cos::uid/1:b-1/*'] }],
};
const bob = () => ({ Name: 'bob', Policy: encoded(reading) });

const uuid = /^[0-9a-f-]{36}$/;

/** As much of what the SDK throws as people look at, which is what the service wrote down. */
const failure = async (act: Promise<unknown>, records: readonly AuditRecord[] = app.records) => {
  try {
    await act;
  } catch (thrown) {
    const { code, message, requestId, httpCode } = thrown as Error & Record<'code' | 'requestId' | 'httpCode', string>;
    expect(requestId).toMatch(uuid);
    expect(requestId).toBe(records.at(-1)?.requestId);
    expect(httpCode).toBeUndefined();
    return { code, message };
  }
  throw new Error('It was allowed.');
};

const lasts = ({ ExpiredTime = 0 }: { readonly ExpiredTime?: number }): number =>
  Math.round((ExpiredTime - Date.now() / 1000) / 10) * 10;

describe.each(ways)("Tencent Cloud's STS client, $signMethod by $reqMethod", (way) => {
  it('assumes a role, and is somebody else then', async () => {
    const answer = await client(way).AssumeRole({ ...demo(), DurationSeconds: 900 });
    expect(answer).toMatchObject({
      Credentials: {
        TmpSecretId: expect.stringMatching(/^AKID/),
        TmpSecretKey: expect.stringMatching(/^.{40}$/),
        Token: expect.any(String),
      },
      RequestId: app.records.at(-1)?.requestId,
    });
    expect(lasts(answer)).toBe(900);
    expect(Date.parse(answer.Expiration ?? '')).toBe((answer.ExpiredTime ?? 0) * 1000);
    const before = await client(way).GetCallerIdentity();
    const identity = await client(way, keyOf(answer.Credentials)).GetCallerIdentity();
    expect(before).toMatchObject({ Type: 'CAMUser', Arn: expect.stringMatching(/^qcs::cam:\d+:uin\/\d+$/) });
    expect(identity).toMatchObject({
      Type: 'CAMRole',
      AccountId: before.AccountId,
      PrincipalId: before.UserId,
      Arn: expect.stringMatching(/^qcs::sts:\d+:assumed-role\/\d{19}$/),
      UserId: expect.stringMatching(/^\d{19}:me$/),
    });
  });

  it('gets a federation token, and is somebody else then', async () => {
    const answer = await client(way).GetFederationToken({ ...bob(), DurationSeconds: 129_600 });
    expect(lasts(answer)).toBe(129_600);
    const identity = await client(way, keyOf(answer.Credentials)).GetCallerIdentity();
    expect(identity).toMatchObject({
      Type: 'CAMUser',
      Arn: expect.stringMatching(/^qcs::sts:\d+:federated-user\/\d+$/),
      UserId: expect.stringMatching(/^\d+:bob$/),
    });
  });

  it('gets what Tencent gives where it asks for no duration', async () => {
    expect(lasts(await client(way).AssumeRole(demo()))).toBe(7200);
    expect(lasts(await client(way).GetFederationToken(bob()))).toBe(1800);
  });

  it('says everything that can be said to AssumeRole', async () => {
    const answer = await client(way).AssumeRole({
      ...demo(),
      RoleSessionName: 'a+b=c,d.e@f_g-h',
      DurationSeconds: 43_200,
      Policy: encoded({
        ...reading,
        statement: [{ ...reading.statement[0], resource: 'qcs::cos::uid/1:b-1/データ +%/*' }],
      }),
      ExternalId: 'a:b/c',
      SourceIdentity: '100000000001',
      Tags: [
        { Key: 'team + co', Value: 'データ %26' },
        { Key: 'empty', Value: '' },
      ],
    });
    expect(lasts(answer)).toBe(43_200);
  });

  it('shows an identity token', async () => {
    const answer = await client(way).AssumeRoleWithWebIdentity({
      ProviderId: 'github',
      WebIdentityToken: app.access.token,
      RoleArn: role(),
      RoleSessionName: 'web',
    });
    expect(app.records.at(-1)).toMatchObject({ outcome: 'Done', caller: 'local', proof: 'jwt' });
    const identity = await client(way, keyOf(answer.Credentials)).GetCallerIdentity();
    expect(identity).toMatchObject({ Type: 'CAMRole', UserId: expect.stringMatching(/:web$/) });
  });

  it('goes from role to role, and no further than that', async () => {
    const { Credentials } = await client(way).AssumeRole(demo());
    const session = client(way, keyOf(Credentials));
    const second = await session.AssumeRole({ ...demo(), RoleSessionName: 'on' });
    expect(await client(way, keyOf(second.Credentials)).GetCallerIdentity()).toMatchObject({
      UserId: expect.stringMatching(/:on$/),
    });
    expect(await failure(session.GetFederationToken(bob()))).toMatchObject({ code: 'UnauthorizedOperation' });
  });

  it('is told who is not known, and which secret is wrong', async () => {
    expect(await failure(client(way, { ...local(), secretKey: 'wrong' }).AssumeRole(demo()))).toEqual({
      code: 'AuthFailure.SignatureFailure',
      message: 'The provided credentials could not be validated. Please check your signature is correct.',
    });
    expect(await failure(client(way, { ...local(), secretId: 'AKIDNOBODY' }).AssumeRole(demo()))).toEqual({
      code: 'AuthFailure.SecretIdNotFound',
      message: 'The SecretId is not found, please ensure that your SecretId is correct.',
    });
  });

  it('is told of a token that was tampered with, or is of another triad', async () => {
    const [one, two] = await Promise.all([client(way).AssumeRole(demo()), client(way).AssumeRole(demo())]);
    const [first, second] = [keyOf(one.Credentials), keyOf(two.Credentials)];
    const ask = async (key: Key) => (await failure(client(way, key).GetCallerIdentity())).code;
    const { token = '', ...tokenless } = first;
    const ends = token.endsWith('AAAA') ? 'BBBB' : 'AAAA';
    for (const key of [
      { ...first, token: `${token.slice(0, -4)}${ends}` },
      { ...first, token: second.token ?? '' },
      { ...first, secretId: second.secretId },
      { ...local(), token },
    ]) {
      expect(await ask(key)).toBe('AuthFailure.TokenFailure');
    }
    expect(await ask({ ...first, secretKey: second.secretKey })).toBe('AuthFailure.SignatureFailure');
    expect(await ask(tokenless)).toBe('AuthFailure.SecretIdNotFound');
  });

  it('is told of a triad whose time is over', async () => {
    const { Credentials } = await client(way).AssumeRole({ ...demo(), DurationSeconds: 900 });
    const session = client(way, keyOf(Credentials));
    later(890_000);
    expect(await session.GetCallerIdentity()).toMatchObject({ Type: 'CAMRole' });
    later(11_000);
    expect(await failure(session.GetCallerIdentity())).toMatchObject({ code: 'AuthFailure.TokenFailure' });
  });

  it('is told of a clock that is more than five minutes off', async () => {
    for (const minutes of [-4.9, 4.9]) {
      app.skewMs = minutes * 60_000;
      await client(way).GetCallerIdentity();
    }
    for (const minutes of [-5.1, 5.1]) {
      app.skewMs = minutes * 60_000;
      expect(await failure(client(way).AssumeRole(demo()))).toMatchObject({ code: 'AuthFailure.SignatureExpire' });
    }
  });

  it('is told of a role that is not there, and of one that does not trust it', async () => {
    expect(await failure(client(way).AssumeRole({ ...demo(), RoleArn: `${role()}s` }))).toMatchObject({
      code: 'ResourceNotFound.RoleNotFound',
    });
    const key = { secretId: ci.id, secretKey: ci.secret };
    const ask = (name: string, more: object = {}) =>
      client(way, key, roles.url).AssumeRole({
        RoleArn: `qcs::cam::uin/12345678:roleName/${name}`,
        RoleSessionName: 'me',
        ...more,
      });
    const denied = { code: 'UnauthorizedOperation' };
    expect(await failure(ask('closed'), roles.records)).toMatchObject(denied);
    expect(await failure(ask('partner'), roles.records)).toMatchObject(denied);
    expect(await failure(ask('partner', { ExternalId: 'two-eyes' }), roles.records)).toMatchObject(denied);
    expect(lasts(await ask('partner', { ExternalId: 'four-eyes' }))).toBe(3600);
    expect(lasts(await ask('short'))).toBe(900);
    expect(await failure(ask('short', { DurationSeconds: 901 }), roles.records)).toMatchObject({
      code: 'InvalidParameter.OverTimeError',
    });
  });

  it.each([
    ['no JSON', '{', 'InvalidParameter.StrategyFormatError'],
    ['no object', '[]', 'InvalidParameter.StrategyFormatError'],
    ['no statement', { version: '2.0' }, 'InvalidParameter.StrategyFormatError'],
    ['another version', { ...reading, version: '3.0' }, 'InvalidParameter.StrategyFormatError'],
    [
      'no such effect',
      { ...reading, statement: [{ ...reading.statement[0], effect: 'maybe' }] },
      'InvalidParameter.StrategyInvalid',
    ],
    [
      'five segments',
      { ...reading, statement: [{ ...reading.statement[0], resource: 'qcs::cos:b/*' }] },
      'InvalidParameter.ResouceError',
    ],
  ])('is told of a policy with %s', async (_name, policy, code) => {
    const Policy = encoded(policy);
    expect(await failure(client(way).AssumeRole({ ...demo(), Policy }))).toMatchObject({ code });
    expect(await failure(client(way).GetFederationToken({ Name: 'bob', Policy }))).toMatchObject({ code });
  });

  it.each<[string, object, string]>([
    ['too long', { DurationSeconds: 43_201 }, 'InvalidParameter.OverTimeError'],
    ['too short', { DurationSeconds: 0 }, 'InvalidParameter.OverTimeError'],
    ['negative', { DurationSeconds: -1 }, 'InvalidParameter'],
    ['a broken number', { DurationSeconds: 900.5 }, 'InvalidParameter'],
    ['no number', { DurationSeconds: 'soon' }, 'InvalidParameter'],
    ['a short name', { RoleSessionName: 'a' }, 'InvalidParameter'],
    ['a strange name', { RoleSessionName: 'a b' }, 'InvalidParameter'],
    [
      'two tags of one name',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      },
      'InvalidParameter',
    ],
    [
      'a second factor',
      { SerialNumber: 'qcs::cam:uin/1::mfa/softToken', TokenCode: '123456' },
      'UnauthorizedOperation',
    ],
    ['a parameter of its own', { Colour: 'red' }, 'UnknownParameter'],
    ['no role', { RoleArn: undefined }, 'MissingParameter'],
    ['no name', { RoleSessionName: undefined }, 'MissingParameter'],
  ])('is told what is amiss: %s', async (_name, more, code) => {
    expect(await failure(client(way).AssumeRole({ ...demo(), ...more }))).toMatchObject({ code });
  });

  it('is told of a federated user without a name or a policy, or for too long', async () => {
    const ask = (more: object) => failure(client(way).GetFederationToken({ ...bob(), ...more }));
    expect(await ask({ Name: undefined })).toEqual({
      code: 'MissingParameter',
      message: 'The request is missing a required parameter `Name`.',
    });
    expect(await ask({ Policy: undefined })).toMatchObject({ code: 'MissingParameter' });
    expect(await ask({ DurationSeconds: 129_601 })).toMatchObject({ code: 'InvalidParameter.OverTimeError' });
  });

  it('is told of an identity token that does not count', async () => {
    const web = (WebIdentityToken: string) =>
      failure(client(way).AssumeRoleWithWebIdentity({ ...demo(), ProviderId: 'github', WebIdentityToken }));
    const code = 'InvalidParameter.WebIdentityTokenError';
    expect(await web('a.b.c')).toMatchObject({ code });
    later(8 * 24 * 3600 * 1000);
    expect(await web(app.access.token)).toMatchObject({ code });
  });

  it('is told of an Action or a Version that is not there', async () => {
    expect(await failure(client(way).request('MintMoney', {}))).toEqual({
      code: 'InvalidAction',
      message: 'The request `Action` is invalid or not found.',
    });
    expect(await failure(client(way).QueryApiKey({}))).toMatchObject({ code: 'UnsupportedOperation' });
    const older = new AbstractClient('', '2017-03-12', config(way, local(), app.url));
    expect(await failure(older.request('AssumeRole', demo()))).toMatchObject({ code: 'NoSuchVersion' });
  });
});

describe("Tencent Cloud's STS client", () => {
  it.each(ways.filter(({ signMethod }) => signMethod !== 'TC3-HMAC-SHA256'))(
    'is told of a nonce that was seen before, $signMethod by $reqMethod',
    async (way) => {
      await frozen(async () => {
        await client(way).AssumeRole(demo());
        expect(await failure(client(way).AssumeRole(demo()))).toMatchObject({ code: 'AuthFailure.SignatureExpire' });
        expect(app.records.at(-1)?.outcome).toBe('RequestReplayed');
      });
      await client(way).AssumeRole(demo());
    },
  );

  it('may post a multipart form under TC3', async () => {
    const answer = await client().request('AssumeRole', demo(), { multipart: true });
    expect(lasts(answer)).toBe(7200);
    const wrong = client(usual, { ...local(), secretKey: 'wrong' });
    expect(await failure(wrong.request('AssumeRole', demo(), { multipart: true }))).toMatchObject({
      code: 'AuthFailure.SignatureFailure',
    });
  });

  it('may skip the signature for an identity token, and for nothing else', async () => {
    const web = { ...demo(), ProviderId: 'github', WebIdentityToken: app.access.token };
    expect(lasts(await client().request('AssumeRoleWithWebIdentity', web, { skipSign: true }))).toBe(7200);
    expect(await failure(client().request('AssumeRole', demo(), { skipSign: true }))).toMatchObject({
      code: 'AuthFailure.InvalidAuthorization',
    });
  });

  it('may send the duration as text, as the command line does', async () => {
    expect(lasts(await client().AssumeRole({ ...demo(), DurationSeconds: '900' as unknown as number }))).toBe(900);
  });

  it('is told that a policy is too long, or the query that carries it', async () => {
    const ask = (way: Way, count: number) => {
      const long = { ...reading, statement: Array.from({ length: count }, () => reading.statement[0]) };
      return failure(client(way).GetFederationToken({ Name: 'bob', Policy: encoded(long) }));
    };
    expect(await ask(usual, 150)).toMatchObject({ code: 'InvalidParameter.PolicyTooLong' });
    for (const way of ways.filter(({ reqMethod }) => reqMethod === 'GET')) {
      expect(await ask(way, 400)).toMatchObject({ code: 'RequestSizeLimitExceeded' });
    }
  });
});

describe("the request of the vendor's page on GetFederationToken", () => {
  const page =
    'Action=GetFederationToken&Name=SUN&Policy=%257B%2522version%2522%3A%25222.0%2522%2C%2522statement%2522%3A%255B%257B%2522effect%2522%3A%2522allow%2522%2C%2522action%2522%3A%255B%2522name%2Fcos%3APutObject%2522%255D%2C%2522resource%2522%3A%255B%2522qcs%3A%3Acos%3Aap-beijing%3Auid%2F123456%3Aprefix%2F%2F123456%2FbucketA%2F%2A%2522%255D%257D%255D%257D';
  const granted = {
    Response: {
      Credentials: { Token: expect.any(String), TmpSecretId: expect.any(String), TmpSecretKey: expect.any(String) },
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      ExpiredTime: expect.any(Number),
      RequestId: expect.stringMatching(uuid),
    },
  };

  it('mints with the common parameters and a signature behind it', async () => {
    const host = new URL(roles.url).host;
    const common = `Version=2018-08-13&Region=ap-beijing&Timestamp=${Math.floor(Date.now() / 1000)}&Nonce=7&SecretId=${ci.id}`;
    const decoded = [...new URLSearchParams(`${page}&${common}`)].sort(([one], [other]) => (one < other ? -1 : 1));
    const text = `GET${host}/?${decoded.map((pair) => pair.join('=')).join('&')}`;
    const signature = encodeURIComponent(createHmac('sha1', ci.secret).update(text).digest('base64'));
    const url = `${roles.url}/?${page}&${common}&Signature=${signature}`;
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(granted);
    expect(roles.records.at(-1)).toMatchObject({ sessionName: 'SUN', durationSeconds: 1800 });
    expect(await (await fetch(url)).json()).toMatchObject({
      Response: { Error: { Code: 'AuthFailure.SignatureExpire' } },
    });
  });

  it('mints with the common parameters in headers, under TC3', async () => {
    const request = {
      method: 'GET',
      scheme: 'http',
      host: new URL(roles.url).host,
      path: '/',
      query: page.slice(page.indexOf('&') + 1),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-tc-action': 'GetFederationToken',
        'x-tc-version': '2018-08-13',
        'x-tc-region': 'ap-beijing',
      },
      body: '',
    } as const;
    const key = { id: ci.id, secret: new Secret(ci.secret) };
    const { headers } = sign(request, key, { now: new Date(), service: 'sts' });
    const answer = await fetch(`${roles.url}/?${request.query}`, { headers });
    expect(await answer.json()).toEqual(granted);
  });
});
