import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { naming } from '../../lib/clouds/volcengine/naming.ts';
import { type LaptopApp, openLaptopApp, type ServedApp } from '../support/app.ts';
import { later, unproxied } from '../support/oracle-environment.ts';
import { ci, openRoles } from '../support/oracle-roles.ts';

type Members = Readonly<Record<string, unknown>>;
/** It resolves with a refusal as well as with an answer. */
interface Said {
  readonly ResponseMetadata: Members & {
    readonly Error?: { readonly Code: string; readonly CodeN?: number; readonly Message: string };
  };
  readonly Result?: Members;
}
interface Service {
  AssumeRole(parameters: Members): Promise<Said>;
  createAPI(action: string): (parameters: Members) => Promise<Said>;
  createUrlEncodeAPI(action: string): (parameters: Members) => Promise<Said>;
}
// By `require`, since a CommonJS default export is one thing to Node and another to the test runner.
const require = createRequire(import.meta.url);
const { sts } = require('@volcengine/openapi') as {
  readonly sts: { readonly StsService: new (options: Members) => Service };
};

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
  readonly secretKey: string;
  readonly sessionToken?: string;
}
const local = (): Key => ({ accessKeyId: app.access.accessKey.id, secretKey: app.access.accessKey.secret });
const caller: Key = { accessKeyId: ci.id, secretKey: ci.secret };
const client = (key: Key, url = app.url): Service =>
  new sts.StsService({ ...key, host: new URL(url).host, protocol: 'http:', region: 'cn-north-1' });
const role = (name: string): string => naming.roles(naming.identifier('account', 'credmint'), name, '')[0] ?? '';
const demo = () => ({ RoleTrn: app.access.roles['volcengine'], RoleSessionName: 'me' });
const resultOf = ({ Result }: Said): Members => {
  if (Result === undefined) throw new Error('It was refused.');
  return Result;
};
const keyOf = (said: Said): Key => {
  const triad = resultOf(said)['Credentials'] as Readonly<Record<string, string>>;
  return {
    accessKeyId: triad['AccessKeyId'] ?? '',
    secretKey: triad['SecretAccessKey'] ?? '',
    sessionToken: triad['SessionToken'] ?? '',
  };
};

const ways = [
  { way: 'GET', assume: (service: Service) => (parameters: Members) => service.AssumeRole(parameters) },
  { way: 'POST of a form', assume: (service: Service) => service.createUrlEncodeAPI('AssumeRole') },
] as const;

describe.each(ways)('Volcengine’s STS client, by $way', ({ assume }) => {
  it('assumes a role, and is somebody else then', async () => {
    const said = await assume(client(local()))({ ...demo(), DurationSeconds: 900 });
    expect(said).toMatchObject({
      ResponseMetadata: {
        RequestId: app.records.at(-1)?.requestId,
        Action: 'AssumeRole',
        Version: '2018-01-01',
        Service: 'sts',
        Region: 'cn-north-1',
      },
      Result: {
        Credentials: { AccessKeyId: expect.stringMatching(/^AKTP/) },
        AssumedRoleUser: { Trn: expect.stringMatching(/^trn:sts::\d+:assumed-role\/demo\/me$/) },
      },
    });
    const { CurrentTime, ExpiredTime } = resultOf(said)['Credentials'] as Readonly<Record<string, string>>;
    const lasts = Date.parse(ExpiredTime ?? '') - Date.parse(CurrentTime ?? '');
    expect(Math.round(lasts / 10_000) * 10).toBe(900);
    const before = await client(local()).createAPI('GetCallerIdentity')({});
    const after = await client(keyOf(said)).createAPI('GetCallerIdentity')({});
    expect(before.Result).toMatchObject({ AccountId: expect.any(Number), IdentityType: 'User' });
    expect(after.Result).toMatchObject({
      IdentityType: 'Role',
      Trn: (resultOf(said)['AssumedRoleUser'] as Members)['Trn'],
    });
  });

  it('is narrowed by its policy, whatever characters that has', async () => {
    const Policy = JSON.stringify({
      Statement: [{ Effect: 'Allow', Action: ['tos:GetObject'], Resource: ["trn:tos:::b/p x+~!'()*/数据"] }],
    });
    const said = await assume(client(local()))({ ...demo(), Policy });
    const again = await assume(client(keyOf(said)))(demo());
    expect(again.ResponseMetadata.Error).toMatchObject({ Code: 'AccessDenied', CodeN: 100_013 });
  });

  it('brings tags along', async () => {
    const said = await assume(client(local()))({ ...demo(), 'Tags.1.Key': 'team', 'Tags.1.Value': 'build' });
    expect(said.Result).toMatchObject({ Credentials: { SessionToken: expect.any(String) } });
  });

  it.each([
    ['a false secret', () => ({ ...caller, secretKey: 'false' }), {}, 'SignatureDoesNotMatch'],
    ['an unknown key', () => ({ ...caller, accessKeyId: 'AKLT' }), {}, 'InvalidAccessKey'],
    ['a false token', () => ({ ...caller, sessionToken: 'x' }), {}, 'SessionTokenInvalid'],
    ['no role', () => caller, { RoleTrn: '' }, 'MissingParameter'],
    ['a session name of other characters', () => caller, { RoleSessionName: 'a b' }, 'InvalidParameter'],
    // The service itself would raise it to 3600.
    ['too short a duration', () => caller, { DurationSeconds: 600 }, 'InvalidParameter.DurationSeconds'],
    ['too long a duration', () => caller, { DurationSeconds: 43_201 }, 'InvalidParameter.DurationSeconds'],
    ['a policy that is none', () => caller, { Policy: '{' }, 'InvalidJsonStruct'],
    ['too long a policy', () => caller, { Policy: 'x'.repeat(2049) }, 'InvalidParameter.PolicySize'],
    ['a parameter that there is not', () => caller, { Polic: 'x' }, 'InvalidParameter'],
    ['a role that trusts somebody else', () => caller, { RoleTrn: role('closed') }, 'AccessDenied'],
    ['a role that there is not', () => caller, { RoleTrn: role('nobody') }, 'RoleNotExist'],
  ] as const)('hears that %s is refused', async (_what, key, changes, Code) => {
    const parameters = { RoleTrn: role('page'), RoleSessionName: 'me', ...changes };
    const said = await assume(client(key(), roles.url))(parameters);
    expect(said.Result).toBeUndefined();
    expect(said.ResponseMetadata.Error).toMatchObject({ Code, Message: expect.stringMatching(/./) });
    expect(said.ResponseMetadata['RequestId']).toBe(roles.records.at(-1)?.requestId);
  });

  it('hears that its clock is wrong', async () => {
    later(20 * 60 * 1000);
    roles.skewMs = -20 * 60 * 1000;
    try {
      const said = await assume(client(caller, roles.url))({ RoleTrn: role('page'), RoleSessionName: 'me' });
      expect(said.ResponseMetadata.Error).toMatchObject({ Code: 'InvalidTimestamp' });
    } finally {
      roles.skewMs = 0;
    }
  });
});

describe('Volcengine’s AssumeRoleWithOIDC, which no client of the package has', () => {
  const send = async (token: string): Promise<Said> => {
    const answer = await fetch(`${app.url}/?Action=AssumeRoleWithOIDC&Version=2018-01-01`, {
      method: 'POST',
      body: new URLSearchParams({ RoleTrn: demo().RoleTrn ?? '', RoleSessionName: 'me', OIDCToken: token }),
    });
    return (await answer.json()) as Said;
  };

  it('assumes a role by an identity token', async () => {
    expect((await send(app.access.token)).Result).toMatchObject({
      Credentials: { AccessKeyId: expect.stringMatching(/^AKTP/) },
    });
  });

  it('refuses a false one', async () => {
    expect((await send('a.b.c')).ResponseMetadata.Error).toMatchObject({ Code: 'InvalidOIDCToken' });
  });
});
