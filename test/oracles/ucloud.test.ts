import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LaptopApp, openLaptopApp, type ServedApp } from '../support/app.ts';
import { later } from '../support/oracle-environment.ts';
import { ci, openRoles } from '../support/oracle-roles.ts';

// UCloud's SDK for JavaScript is not in the registry, so this client is written from the page on signatures and from
// what its SDKs send: https://docs.ucloud.cn/api/summary/signature.md

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

type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };
type Members = Readonly<Record<string, Value | undefined>>;

interface Key {
  readonly id: string;
  readonly secret: string;
  readonly token?: string;
}

interface Said {
  readonly RetCode: number;
  readonly Action?: string;
  readonly Message?: string;
  readonly Credentials?: Readonly<Record<'SecurityToken' | 'AccessKeyId' | 'AccessKeySecret' | 'Expiration', string>>;
}

const flattened = (value: Value, name = ''): readonly (readonly [string, string])[] =>
  typeof value === 'object'
    ? Object.entries(value).flatMap(([inner, item]) => flattened(item, name === '' ? inner : `${name}.${inner}`))
    : [[name, String(value)]];

/** The Go SDK's way with what is nested: lists without their indices, objects by their names. */
const textOf = (value: Value): string => {
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(textOf).join('');
  const members = value as { readonly [name: string]: Value };
  return Object.keys(members)
    .sort()
    .map((name) => name + textOf(members[name] ?? ''))
    .join('');
};

const withSignature = (said: Members, { id, secret, token }: Key): { readonly [name: string]: Value } => {
  const given = Object.entries({ ...said, PublicKey: id, SecurityToken: token });
  const whole = Object.fromEntries(given.filter(([, value]) => value !== undefined)) as Record<string, Value>;
  return {
    ...whole,
    Signature: createHash('sha1')
      .update(`${textOf(whole)}${secret}`, 'utf8')
      .digest('hex'),
  };
};

/** Lists and objects as members of their own; what else there is stays as it is. */
const flat = (said: Members): Members =>
  Object.fromEntries(
    Object.entries(said).flatMap(([name, value]): readonly (readonly [string, Value | undefined])[] =>
      typeof value === 'object' ? flattened(value, name) : [[name, value]],
    ),
  );

const post = (url: string, type: string, body: string): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': type, 'u-timestamp-ms': String(Date.now()) }, body });
const queryOf = (members: Value): string =>
  String(new URLSearchParams(flattened(members).map(([name, value]): [string, string] => [name, value])));
const formOf = (said: Members, key: Key): string => queryOf(withSignature(flat(said), key));

const inUrl = (url: string, { Action }: Members): string =>
  Action === undefined ? `${url}/` : `${url}/?Action=${String(Action)}`;

/** How the SDKs send it: JavaScript and Python flatten everything, Go nests JSON and says the Action in every URL. */
const ways = [
  { way: 'GET', send: (url: string, said: Members, key: Key) => fetch(`${url}/?${formOf(said, key)}`) },
  {
    way: 'a form',
    send: (url: string, said: Members, key: Key) =>
      post(`${url}/`, 'application/x-www-form-urlencoded', formOf(said, key)),
  },
  {
    way: 'a form, as Go sends it',
    send: (url: string, said: Members, key: Key) =>
      post(inUrl(url, said), 'application/x-www-form-urlencoded; charset=utf-8', formOf(said, key)),
  },
  {
    way: 'flat JSON',
    send: (url: string, said: Members, key: Key) =>
      post(`${url}/`, 'application/json', JSON.stringify(withSignature(flat(said), key))),
  },
  {
    way: 'nested JSON, as Go sends it',
    send: (url: string, said: Members, key: Key) =>
      post(inUrl(url, said), 'application/json', JSON.stringify(withSignature(said, key))),
  },
] as const;

const role = (): string => app.access.roles['ucloud'] ?? '';
const demo = () => ({ Action: 'AssumeRole', RoleUrn: role(), RoleSessionName: 'me' });
const local = (): Key => app.access.accessKey;
const keyOf = ({ Credentials }: Said): Key => ({
  id: Credentials?.AccessKeyId ?? '',
  secret: Credentials?.AccessKeySecret ?? '',
  token: Credentials?.SecurityToken ?? '',
});
const lasts = ({ Credentials }: Said): number =>
  Math.round((Date.parse(Credentials?.Expiration ?? '') - Date.now()) / 10_000) * 10;

const granted = {
  RetCode: 0,
  Action: 'AssumeRoleResponse',
  Credentials: {
    SecurityToken: expect.any(String),
    AccessKeyId: expect.stringMatching(/^STS\.[a-z0-9]{20}$/),
    AccessKeySecret: expect.stringMatching(/^.{40}$/),
    Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  },
};

const policy = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: ['ufile:GetUFile*'], Resource: ['ucs:ufile:*:50170000:bucket/データ + co'] }],
});

describe.each(ways)("UCloud's AssumeRole by $way", ({ send }) => {
  const ask = async (said: Members, key = local(), at: Pick<LaptopApp, 'url' | 'records'> = app): Promise<Said> => {
    const answer = await send(at.url, said, key);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('x-ucloud-request-uuid')).toBe(at.records.at(-1)?.requestId);
    return (await answer.json()) as Said;
  };

  it('mints, and again with what was minted', async () => {
    const first = await ask({ ...demo(), DurationSeconds: 900 });
    expect(first).toEqual(granted);
    expect(lasts(first)).toBe(900);
    const second = await ask({ ...demo(), RoleSessionName: 'on' }, keyOf(first));
    expect(second).toEqual(granted);
    expect(app.records.at(-1)).toMatchObject({ dialect: 'ucloud', proof: 'session', sessionName: 'on' });
    expect(await ask(demo(), keyOf(second))).toEqual(granted);
  });

  it('takes what goes with every request, and a policy', async () => {
    const common = { Region: 'cn-bj2', ProjectId: 'org-x1y2z3' };
    const said = await ask({
      ...demo(),
      ...common,
      RoleSessionName: 'a_b-c.d',
      DurationSeconds: 43_200,
      Policy: policy,
    });
    expect(said).toEqual(granted);
    expect(lasts(said)).toBe(43_200);
  });

  it('gives an hour where no duration is asked for', async () => {
    expect(lasts(await ask(demo()))).toBe(3600);
  });

  it('says which proof is wrong, in the vendor’s words', async () => {
    const answer = { Action: 'AssumeRoleResponse' };
    expect(await ask(demo(), { ...local(), secret: 'wrong' })).toEqual({
      ...answer,
      RetCode: 171,
      Message: 'Signature VerifyAC Error',
    });
    expect(await ask(demo(), { ...local(), id: 'nobody' })).toEqual({
      ...answer,
      RetCode: 172,
      Message: 'User Not Exists',
    });
  });

  it('says that a token was tampered with, or is of another triad', async () => {
    const [first, second] = [keyOf(await ask(demo())), keyOf(await ask(demo()))];
    const { token = '', ...tokenless } = first;
    const ends = token.endsWith('AAAA') ? 'BBBB' : 'AAAA';
    for (const key of [
      { ...first, token: `${token.slice(0, -4)}${ends}` },
      { ...first, token: second.token ?? '' },
      { ...first, id: second.id },
      { ...local(), token },
    ]) {
      expect(await ask(demo(), key)).toMatchObject({ RetCode: 174, Message: 'Token Not Exists' });
    }
    expect(await ask(demo(), { ...first, secret: second.secret })).toMatchObject({ RetCode: 171 });
    expect(await ask(demo(), tokenless)).toMatchObject({ RetCode: 172 });
  });

  it('knows no clock but that of the triad', async () => {
    const session = keyOf(await ask({ ...demo(), DurationSeconds: 900 }));
    app.skewMs = 890_000;
    expect(await ask(demo(), session)).toEqual(granted);
    app.skewMs = 901_000;
    expect(await ask(demo(), session)).toMatchObject({ RetCode: 174, Message: 'Token Not Exists' });
    later(24 * 3600 * 1000);
    expect(await ask(demo())).toEqual(granted);
  });

  it('denies a role that is not there like one that does not trust the caller', async () => {
    const askFor = (name: string, more: Members = {}) =>
      ask({ ...demo(), RoleUrn: `ucs:iam::50170000:role/${name}`, ...more }, ci, roles);
    expect(await ask({ ...demo(), RoleUrn: `${role()}s` })).toMatchObject({ RetCode: 299 });
    expect(app.records.at(-1)?.outcome).toBe('RoleNotFound');
    for (const name of ['nobody', 'closed', 'partner']) expect(await askFor(name)).toMatchObject({ RetCode: 299 });
    expect(lasts(await askFor('short'))).toBe(900);
    expect(await askFor('short', { DurationSeconds: 901 })).toMatchObject({
      RetCode: 230,
      Message: expect.stringMatching(/^Params \[DurationSeconds\] not available/),
    });
  });

  it.each<[string, Members, number]>([
    ['too long', { DurationSeconds: 43_201 }, 230],
    ['too short', { DurationSeconds: 899 }, 230],
    ['a broken number', { DurationSeconds: 900.5 }, 230],
    ['a strange name', { RoleSessionName: 'a b' }, 230],
    ['a long name', { RoleSessionName: 'a'.repeat(65) }, 230],
    ['a policy that is no JSON', { Policy: '{' }, 230],
    ['a policy without statements', { Policy: '{"Version":"1"}' }, 230],
    ['a policy with no such effect', { Policy: policy.replace('Allow', 'Maybe') }, 230],
    ['a policy that is too long', { Policy: `${policy.slice(0, -1)},"Id":"${'a'.repeat(2048)}"}` }, 230],
    ['a parameter of its own', { Colour: 'red' }, 230],
    ['a list that AssumeRole does not have', { Tags: ['a', 'b'] }, 230],
    ['an object that it does not have', { Tag: { Key: 'a', Value: 'b' } }, 230],
    ['no role', { RoleUrn: undefined }, 220],
    ['no name', { RoleSessionName: undefined }, 220],
    ['no Action', { Action: undefined }, 160],
    ['an unknown Action', { Action: 'MintMoney' }, 161],
    ['an Action of other systems', { Action: 'GetFederationToken' }, 161],
  ])('says what is amiss: %s', async (_name, more, RetCode) => {
    expect(await ask({ ...demo(), ...more })).toMatchObject({ RetCode, Message: expect.any(String) });
  });

  it('says so in the words that are known', async () => {
    expect(await ask({ ...demo(), RoleUrn: undefined })).toMatchObject({ Message: 'Missing params [RoleUrn]' });
    expect(await ask({ ...demo(), Action: 'MintMoney' })).toMatchObject({ Message: 'Action [MintMoney] not found' });
  });

  it("holds the page's own example to the page's own rules", async () => {
    const page = {
      Action: 'AssumeRole',
      RoleUrn: 'FwesBQjA',
      RoleSessionName: 'jFbSZIhm',
      DurationSeconds: 1,
      Policy: 'BhQicCmh',
    };
    const short = await ask(page, ci, roles);
    expect(short).toMatchObject({ RetCode: 230, Message: expect.stringContaining('[DurationSeconds]') });
    const long = { ...page, DurationSeconds: 900 };
    expect(await ask(long, ci, roles)).toMatchObject({ RetCode: 230, Message: expect.stringContaining('[Policy]') });
    expect(await ask({ ...long, Policy: policy }, ci, roles)).toEqual(granted);
    expect(await ask({ ...long, Policy: undefined }, ci, roles)).toEqual(granted);
  });
});

describe("UCloud's AssumeRole", () => {
  const get = async (query: string) => (await (await fetch(`${app.url}/?${query}`)).json()) as Said;

  it('says that a signature is missing', async () => {
    const query = new URLSearchParams({ ...demo(), PublicKey: local().id });
    expect(await get(String(query))).toMatchObject({ RetCode: 170, Message: 'Missing Signature' });
  });

  it('signs a number like its text, and numbers that no double can hold as they stand', async () => {
    const members = withSignature({ ...demo(), DurationSeconds: '900' }, local());
    const body = JSON.stringify(members).replace('"900"', '900');
    expect(await (await post(`${app.url}/`, 'application/json', body)).json()).toEqual(granted);
    const large = withSignature({ ...demo(), DurationSeconds: '90071992547409931' }, local());
    const sent = JSON.stringify(large).replace('"90071992547409931"', '90071992547409931');
    expect(await (await post(`${app.url}/`, 'application/json', sent)).json()).toMatchObject({
      RetCode: 230,
      Message: expect.stringContaining('[DurationSeconds]'),
    });
  });

  it('takes what was signed once again: the scheme has no nonce', async () => {
    const query = queryOf(withSignature(demo(), local()));
    const [one, two] = [await get(query), await get(query)];
    expect([one, two]).toEqual([granted, granted]);
    expect(keyOf(one)).not.toEqual(keyOf(two));
  });

  it('does not take an Action in the URL that is another than the signed one', async () => {
    const body = JSON.stringify(withSignature(demo(), local()));
    const answer = await post(`${app.url}/?Action=GetFederationToken`, 'application/json', body);
    expect(await answer.json()).toMatchObject({ RetCode: 230 });
  });
});
