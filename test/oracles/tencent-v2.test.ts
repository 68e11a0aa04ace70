import { createHmac } from 'node:crypto';
import QcloudApi from 'qcloudapi-sdk';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LaptopApp, openLaptopApp, type ServedApp } from '../support/app.ts';
import { frozen, later, neverTwice, unproxied } from '../support/oracle-environment.ts';
import { ci, openRoles } from '../support/oracle-roles.ts';

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
  readonly signatureMethod: 'sha1' | 'sha256';
  readonly method: 'GET' | 'POST';
}
const ways: readonly Way[] = (['sha1', 'sha256'] as const).flatMap((signatureMethod) =>
  (['POST', 'GET'] as const).map((method) => ({ signatureMethod, method })),
);

interface Key {
  readonly id: string;
  readonly secret: string;
  readonly token?: string;
}

interface Said {
  readonly code: number;
  readonly codeDesc: string;
  readonly message: string;
  readonly data?: {
    readonly credentials: {
      readonly tmpSecretId: string;
      readonly tmpSecretKey: string;
      readonly sessionToken: string;
    };
    readonly expiredTime: number;
    readonly expiration?: string;
  };
}

const local = (): Key => app.access.accessKey;

/** Asks by the vendor's own SDK. A temporary key's token is a parameter like any other. */
const ask = (way: Way, said: object, { id, secret, token }: Key = local(), url = app.url): Promise<Said> => {
  const client = new QcloudApi({ SecretId: id, SecretKey: secret, Region: 'gz', protocol: 'http', ...way });
  const settings = { host: new URL(url).host, ...way };
  return new Promise((resolve, reject) => {
    client.request({ ...said, ...(token === undefined ? {} : { Token: token }) }, settings, (error, body) =>
      error === null ? resolve(body as Said) : reject(error),
    );
  });
};

const role = (): string => app.access.roles['tencent-v2'] ?? '';
const demo = () => ({ Action: 'AssumeRole', roleArn: role(), roleSessionName: 'me' });
const reading = {
  version: '2.0',
  statement: [{ effect: 'allow', action: ['name/cos:GetObject'], resource: ['qcs::cos::uid/1:b-1/*'] }],
};
const bob = (policy: unknown = reading) => ({
  Action: 'GetFederationToken',
  name: 'bob',
  policy: typeof policy === 'string' ? policy : JSON.stringify(policy),
});

const keyOf = ({ data }: Said): Key => ({
  id: data?.credentials.tmpSecretId ?? '',
  secret: data?.credentials.tmpSecretKey ?? '',
  token: data?.credentials.sessionToken ?? '',
});
const lasts = ({ data }: Said): number => Math.round(((data?.expiredTime ?? 0) - Date.now() / 1000) / 10) * 10;

describe.each(ways)('the SDK of Tencent Cloud API 2.0, $signatureMethod by $method', (way) => {
  it('assumes a role, and again as that role', async () => {
    const first = await ask(way, { ...demo(), durationSeconds: 7200 });
    expect(first).toEqual({
      code: 0,
      message: '',
      codeDesc: 'Success',
      data: {
        credentials: {
          tmpSecretId: expect.stringMatching(/^AKID/),
          tmpSecretKey: expect.stringMatching(/^.{40}$/),
          sessionToken: expect.any(String),
        },
        expiredTime: expect.any(Number),
        expiration: new Date((first.data?.expiredTime ?? 0) * 1000).toISOString().replace('.000', ''),
      },
    });
    expect(lasts(first)).toBe(7200);
    const second = await ask(way, { ...demo(), roleSessionName: 'on' }, keyOf(first));
    expect(second.codeDesc).toBe('Success');
    expect(app.records.at(-1)).toMatchObject({ proof: 'session', sessionName: 'on' });
    expect(await ask(way, demo(), keyOf(second))).toMatchObject({ code: 0 });
  });

  it('gets a federation token, for long-term keys only', async () => {
    const first = await ask(way, { ...bob(), durationSeconds: 7200 });
    expect(lasts(first)).toBe(7200);
    expect(first.data).not.toHaveProperty('expiration');
    const session = keyOf(await ask(way, demo()));
    expect(await ask(way, bob(), session)).toMatchObject({ code: 4101, codeDesc: 'UnauthorizedOperation' });
    expect(await ask(way, demo(), keyOf(first))).toMatchObject({ code: 4101 });
  });

  it('gets half an hour where it asks for no duration', async () => {
    expect(lasts(await ask(way, demo()))).toBe(1800);
    expect(lasts(await ask(way, bob()))).toBe(1800);
  });

  it('may write Policy or policy, encoded beforehand or not', async () => {
    const { policy, ...rest } = bob();
    for (const said of [{ policy }, { Policy: policy }, { policy: encodeURIComponent(policy) }]) {
      expect(await ask(way, { ...rest, ...said })).toMatchObject({ code: 0 });
    }
    expect(await ask(way, { ...rest, policy, Policy: policy })).toMatchObject({ code: 4000 });
  });

  it('is told who is not known, and which secret is wrong', async () => {
    expect(await ask(way, demo(), { ...local(), secret: 'wrong' })).toMatchObject({
      code: 4100,
      codeDesc: 'AuthFailure',
    });
    expect(await ask(way, demo(), { ...local(), id: 'AKIDNOBODY' })).toMatchObject({ code: 4104 });
  });

  it('is told of a token that was tampered with, or is of another triad', async () => {
    const [first, second] = [keyOf(await ask(way, demo())), keyOf(await ask(way, demo()))];
    const { token = '', ...tokenless } = first;
    const ends = token.endsWith('AAAA') ? 'BBBB' : 'AAAA';
    for (const key of [
      { ...first, token: `${token.slice(0, -4)}${ends}` },
      { ...first, token: second.token ?? '' },
      { ...first, id: second.id },
      { ...local(), token },
    ]) {
      expect(await ask(way, demo(), key)).toMatchObject({ code: 4105, codeDesc: 'TokenFailure' });
    }
    expect(await ask(way, demo(), { ...first, secret: second.secret })).toMatchObject({ code: 4100 });
    expect(await ask(way, demo(), tokenless)).toMatchObject({ code: 4104 });
  });

  it('is told of a triad whose time is over', async () => {
    const session = keyOf(await ask(way, { ...demo(), durationSeconds: 900 }));
    later(890_000);
    expect(await ask(way, demo(), session)).toMatchObject({ code: 0 });
    later(11_000);
    expect(await ask(way, demo(), session)).toMatchObject({ code: 4105 });
  });

  it('is told of a clock that is more than five minutes off, and of a nonce that was seen before', async () => {
    for (const [minutes, code] of [
      [-5.1, 4500],
      [-4.9, 0],
      [4.9, 0],
      [5.1, 4500],
    ] as const) {
      app.skewMs = minutes * 60_000;
      expect(await ask(way, demo())).toMatchObject({ code });
    }
    app.skewMs = 0;
    await frozen(async () => {
      expect(await ask(way, demo())).toMatchObject({ code: 0 });
      expect(await ask(way, demo())).toMatchObject({ code: 4500, codeDesc: 'RequestReplayed' });
    });
    expect(await ask(way, demo())).toMatchObject({ code: 0 });
  });

  it('is told of a role that is not there, and of one that does not trust it', async () => {
    expect(await ask(way, { ...demo(), roleArn: `${role()}s` })).toMatchObject({
      code: 5000,
      codeDesc: 'ResourceNotFound',
    });
    const askFor = (name: string, more: object = {}) =>
      ask(way, { ...demo(), roleArn: `qcs::cam::uin/12345678:roleName/${name}`, ...more }, ci, roles.url);
    expect(await askFor('closed')).toMatchObject({ code: 4101 });
    // There is no external id in 2.0.
    expect(await askFor('partner')).toMatchObject({ code: 4101 });
    expect(lasts(await askFor('short'))).toBe(900);
    expect(await askFor('short', { durationSeconds: 901 })).toMatchObject({ code: 4000, codeDesc: 'OverTimeError' });
  });

  it.each([
    ['no JSON', '{', 'StrategyFormatError'],
    ['no statement', { version: '2.0' }, 'StrategyFormatError'],
    ['no such effect', { ...reading, statement: [{ ...reading.statement[0], effect: 'maybe' }] }, 'StrategyInvalid'],
    [
      'five segments',
      { ...reading, statement: [{ ...reading.statement[0], resource: 'qcs::cos:b/*' }] },
      'ResourceError',
    ],
  ])('is told of a policy with %s', async (_name, policy, codeDesc) => {
    expect(await ask(way, bob(policy))).toMatchObject({ code: 4000, codeDesc });
  });

  it.each<[string, object, string]>([
    ['too long', { durationSeconds: 7201 }, 'OverTimeError'],
    ['too short', { durationSeconds: 0 }, 'OverTimeError'],
    ['negative', { durationSeconds: -1 }, 'InvalidParameter'],
    ['no number', { durationSeconds: 'soon' }, 'InvalidParameter'],
    ['a strange name', { roleSessionName: 'a b' }, 'InvalidParameter'],
    ['what could hide a boundary', { roleSessionName: 'me&roleArn=x' }, 'InvalidParameter'],
    ['no role', { roleArn: undefined }, 'MissingParameter'],
    ['no name', { roleSessionName: undefined }, 'MissingParameter'],
  ])('is told what is amiss: %s', async (_name, more, codeDesc) => {
    expect(await ask(way, { ...demo(), ...more })).toMatchObject({ code: 4000, codeDesc });
  });

  it('is told of a federated user without a name or a policy', async () => {
    const { policy: _, ...without } = bob();
    expect(await ask(way, without)).toMatchObject({ code: 4000, codeDesc: 'MissingParameter' });
    expect(await ask(way, { ...bob(), name: '' })).toMatchObject({ code: 4000, codeDesc: 'MissingParameter' });
  });

  it('is told of an Action that is not there, or not named', async () => {
    expect(await ask(way, { ...demo(), Action: 'MintMoney' })).toMatchObject({ code: 6100, codeDesc: 'InvalidAction' });
    expect(await ask(way, { ...demo(), Action: 'GetCallerIdentity' })).toMatchObject({ code: 6100 });
    expect(await ask(way, { ...demo(), Action: undefined })).toMatchObject({
      code: 4000,
      codeDesc: 'MissingParameter',
    });
  });
});

describe("the requests of the vendor's pages on API 2.0", () => {
  /** Sends the page's own bytes, with the common parameters and a signature behind them. */
  const send = async (page: string, nonce: number) => {
    const host = new URL(roles.url).host;
    const common = `Region=gz&Timestamp=${Math.floor(Date.now() / 1000)}&Nonce=${nonce}&SecretId=${ci.id}`;
    const decoded = [...new URLSearchParams(`${page}&${common}`)].sort(([one], [other]) => (one < other ? -1 : 1));
    const text = `GET${host}/v2/index.php?${decoded.map((pair) => pair.join('=')).join('&')}`;
    const signature = encodeURIComponent(createHmac('sha1', ci.secret).update(text).digest('base64'));
    const answer = await fetch(`${roles.url}/v2/index.php?${page}&${common}&Signature=${signature}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-request-id')).toBe(roles.records.at(-1)?.requestId);
    return (await answer.json()) as Said;
  };
  const credentials = {
    sessionToken: expect.any(String),
    tmpSecretId: expect.any(String),
    tmpSecretKey: expect.any(String),
  };

  it('assume its role', async () => {
    const page =
      'Action=AssumeRole&roleArn=qcs%3a%3acam%3a%3auin%2f12345678%3arole%2f4611686018427397919&roleSessionName=abc&durationSeconds=1800';
    const said = await send(page, 1);
    expect(said).toEqual({
      code: 0,
      message: '',
      codeDesc: 'Success',
      data: { credentials, expiredTime: expect.any(Number), expiration: expect.any(String) },
    });
    expect(lasts(said)).toBe(1800);
  });

  it('get its federation token, whose policy is encoded once', async () => {
    const page =
      'Action=GetFederationToken&name=nickName&policy=%7b%22version%22%3a%222.0%22%2c%22statement%22%3a%5b%7b%22action%22%3a%5b%22name%2fqcisa%3aGetInfoByFields%22%5d%2c%22resource%22%3a%5b%22qcs%3a%3aqcisa%3a%3auin%2f90000000000%3aqcisa%2fbigCustomerDetail%22%2c%22qcs%3a%3aqcisa%3a%3auin%2f90000000000%3aqcisa%2fuserDetail%22%2c%22qcs%3a%3aqcisa%3a%3auin%2f90000000000%3aqcisa%2fauthDetail%22%5d%2c%22effect%22%3a%22allow%22%7d%5d%7d&durationSeconds=1800';
    const said = await send(page, 2);
    expect(said).toEqual({
      code: 0,
      message: '',
      codeDesc: 'Success',
      data: { credentials, expiredTime: expect.any(Number) },
    });
    expect(lasts(said)).toBe(1800);
  });
});
