import { createHash, createHmac } from 'node:crypto';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LaptopApp, openLaptopApp, type ServedApp } from '../support/app.ts';
import { later } from '../support/oracle-environment.ts';
import { ci, openRoles } from '../support/oracle-roles.ts';

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

interface Key {
  readonly id: string;
  readonly secret: string;
  readonly token?: string;
}
type At = Pick<LaptopApp, 'url' | 'records'>;
type Headers = Readonly<Record<string, string>>;
type Said = Readonly<Record<string, string | number>>;

const local = (): Key => app.access.accessKey;
const role = (): string => app.access.roles['ecs'] ?? '';
const demo = (more: Said = {}): Said => ({ Action: 'AssumeRole', RoleArn: role(), RoleSessionName: 'me', ...more });
const bob = (more: Said = {}): Said => ({ Action: 'GetFederationToken', UserName: 'bob', ...more });

/** What came back, XML or JSON, as its texts by local name. */
const read = async (answer: Response, at: At) => {
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  const texts: Record<string, string> = {};
  if (type === 'application/json') {
    JSON.parse(text, (name, value: unknown) => {
      if (typeof value !== 'object') texts[name] = String(value);
      return value;
    });
  } else {
    expect(type).toBe('application/xml');
    for (const [, name = '', value = ''] of text.matchAll(/<(\w+)>([^<]*)<\/\1>/g)) texts[name] = value;
  }
  const id = at.records.at(-1)?.requestId;
  expect(answer.headers.get('x-amzn-requestid')).toBe(id);
  if ('RequestId' in texts) expect(texts['RequestId']).toBe(id);
  return { status: answer.status, type, text, texts, headers: answer.headers };
};

const basic = ({ id, secret }: Key): Headers => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const get = async (path: string, headers: Headers = {}, at: At = app) =>
  read(await fetch(`${at.url}${path}`, { headers }), at);

/** The header of a login. */
const login = async (key = local(), at: At = app): Promise<Headers> => {
  const { status, headers } = await get('/login', basic(key), at);
  expect(status).toBe(200);
  return { 'x-sds-auth-token': headers.get('x-sds-auth-token') ?? '' };
};

const strictly = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
/** As the page writes it: what need not be escaped is not. */
const loosely = (text: string): string => encodeURI(text).replace(/[&+#?]/g, encodeURIComponent);
const queryOf = (said: Said, written = loosely): string =>
  Object.entries(said)
    .map(([name, value]) => `${name}=${written(String(value))}`)
    .join('&');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** SigV4 as github.com/murkyl/go-objectscale-lite writes it: over host and date, in whatever scope, empty too. */
const signed = (place: string, said: Said, { id, secret, token }: Key, scope: string, at: At = app): Headers => {
  const [method = '', path = ''] = place.split(' ');
  const instant = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const [region = '', service = ''] = scope.split('/');
  const headers: Record<string, string> = {
    host: new URL(at.url).host,
    'x-amz-date': instant,
    ...(token === undefined ? {} : { 'x-amz-security-token': token }),
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const query = queryOf(
    Object.fromEntries(Object.entries(said).sort(([one], [other]) => (one < other ? -1 : 1))),
    strictly,
  );
  const canonical = [method, path, query, lines.join(''), names, sha256('')].join('\n');
  const whole = `${instant.slice(0, 8)}/${region}/${service}/aws4_request`;
  const key = whole.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', instant, whole, sha256(canonical)].join('\n')).toString('hex');
  const { host: _, ...sent } = headers;
  const authorization = `AWS4-HMAC-SHA256 Credential=${id}/${whole}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...sent, authorization };
};

/** The ways of proving who asks at STS. */
const ways = [
  { way: 'a login', headers: (_path: string, _said: Said, key: Key, at: At) => login(key, at) },
  {
    way: 'SigV4 with region and service',
    headers: async (path: string, said: Said, key: Key, at: At) =>
      signed(`POST ${path}`, said, key, 'us-east-1/sts', at),
  },
  {
    way: 'SigV4 with an empty scope',
    headers: async (path: string, said: Said, key: Key, at: At) => signed(`POST ${path}`, said, key, '/', at),
  },
] as const;
const signatures = ways.slice(1);

type Way = (typeof ways)[number];
interface Asking {
  readonly key?: Key;
  readonly at?: At;
  readonly path?: string;
  readonly accept?: string;
}

const ask = async (
  { headers }: Way,
  said: Said,
  { key = local(), at = app, path = '/sts', accept = '*/*' }: Asking = {},
) => {
  const proof = await headers(path, said, key, at);
  return read(await fetch(`${at.url}${path}?${queryOf(said)}`, { method: 'POST', headers: { accept, ...proof } }), at);
};

const keyOf = ({ texts }: { readonly texts: Readonly<Record<string, string>> }): Key => ({
  id: texts['AccessKeyId'] ?? '',
  secret: texts['SecretAccessKey'] ?? '',
  token: texts['SessionToken'] ?? '',
});
const lasts = ({ texts }: { readonly texts: Readonly<Record<string, string>> }): number =>
  Math.round((Date.parse(texts['Expiration'] ?? '') - Date.now()) / 10_000) * 10;
const refusal = (Code: string) => ({ status: Code === 'AccessDenied' ? 403 : 400, texts: { Type: 'Sender', Code } });

const policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: 'arn:aws:s3:::b/*' }],
};

describe.each(ways)('ECS by $way', (way) => {
  it.each(['*/*', 'application/xml', 'application/json'])('assumes a role, and says so in %s', async (accept) => {
    const answer = await ask(way, demo({ DurationSeconds: 900 }), { accept });
    expect(answer).toMatchObject({
      status: 200,
      type: accept.endsWith('json') ? 'application/json' : 'application/xml',
      texts: {
        AccessKeyId: expect.stringMatching(/^ASIA[0-9A-F]{16}$/),
        SecretAccessKey: expect.stringMatching(/^.{40}$/),
        SessionToken: expect.any(String),
        Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        Arn: expect.stringMatching(/^urn:ecs:sts::\w+:assumed-role\/demo\/me$/),
        AssumedRoleId: expect.stringMatching(/^AROA[0-9A-F]{16}:me$/),
      },
    });
    expect(lasts(answer)).toBe(900);
    expect(app.records.at(-1)).toMatchObject({ dialect: 'ecs', outcome: 'Done', caller: 'local' });
  });

  it('gets a federation token, by the names of either release', async () => {
    const newer = await ask(way, bob({ DurationSeconds: 129_600, Policy: JSON.stringify(policy) }));
    const older = await ask(way, bob({ StsDurationSeconds: 129_600, StsInlineSessionPolicy: JSON.stringify(policy) }), {
      path: '/iam',
    });
    for (const answer of [newer, older]) {
      expect(answer).toMatchObject({
        status: 200,
        texts: {
          Expiration: expect.stringMatching(/\+00:00$/),
          Arn: expect.stringMatching(/^urn:ecs:sts::\w+:federated-user\/bob$/),
          PackedPolicySize: expect.stringMatching(/^\d+$/),
        },
      });
      expect(lasts(answer)).toBe(129_600);
    }
  });

  it('gives what the pages say where no duration is asked for', async () => {
    expect(lasts(await ask(way, demo()))).toBe(3600);
    expect(lasts(await ask(way, bob()))).toBe(43_200);
  });

  it('denies a role that is not there like one that does not trust the caller', async () => {
    expect(await ask(way, demo({ RoleArn: `${role()}s` }))).toMatchObject(refusal('AccessDenied'));
    const askFor = (name: string, more: Said = {}) =>
      ask(way, demo({ RoleArn: `urn:ecs:iam::s3:role/${name}`, ...more }), { key: ci, at: roles });
    for (const name of ['nobody', 'closed', 'partner'])
      expect(await askFor(name)).toMatchObject(refusal('AccessDenied'));
    expect(lasts(await askFor('short'))).toBe(900);
    expect(await askFor('short', { DurationSeconds: 901 })).toMatchObject(refusal('ValidationError'));
  });

  it.each<[string, Said, string]>([
    ['too long', { DurationSeconds: 43_201 }, 'ValidationError'],
    ['too short', { DurationSeconds: 899 }, 'ValidationError'],
    ['a broken number', { DurationSeconds: 900.5 }, 'ValidationError'],
    ['a strange name', { RoleSessionName: 'a b' }, 'ValidationError'],
    ['no name', { RoleSessionName: '' }, 'ValidationError'],
    ['no role', { RoleArn: '' }, 'ValidationError'],
    ['a policy by AWS’s name for it', { Policy: JSON.stringify(policy) }, 'ValidationError'],
    ['a managed policy', { PolicyArns: 'urn:ecs:iam:::policy/ReadOnly' }, 'ValidationError'],
    ['a policy that is no JSON', { InlineSessionPolicy: '{' }, 'MalformedPolicyDocument'],
    ['a policy without statements', { InlineSessionPolicy: '{"Version":"2012-10-17"}' }, 'MalformedPolicyDocument'],
    ['a policy that is too long', { InlineSessionPolicy: `{"Id":"${'a'.repeat(2048)}"}` }, 'PackedPolicyTooLarge'],
    ['an unknown Action', { Action: 'MintMoney' }, 'InvalidAction'],
    ['an Action that is not served', { Action: 'AssumeRoleWithSAML' }, 'InvalidAction'],
    ['no Action', { Action: '' }, 'MissingAction'],
  ])('says what is amiss in both kinds of document: %s', async (_name, more, code) => {
    expect(await ask(way, demo(more))).toMatchObject(refusal(code));
    expect(await ask(way, demo(more), { accept: 'application/json' })).toMatchObject({
      ...refusal(code),
      type: 'application/json',
    });
  });

  it('takes a policy by its own name, whatever is in it', async () => {
    const statement = { ...policy.Statement[0], Resource: 'arn:aws:s3:::b/a b+c%2F=é/*' };
    const InlineSessionPolicy = JSON.stringify({ ...policy, Statement: [statement] });
    expect(await ask(way, demo({ InlineSessionPolicy }))).toMatchObject({ status: 200 });
  });
});

describe.each(signatures)('ECS by $way, whose keys and clock are looked at', (way) => {
  it('assumes a role from a role, and no more than that', async () => {
    const first = await ask(way, demo());
    const second = await ask(way, demo({ RoleSessionName: 'on' }), { key: keyOf(first) });
    expect(second.texts['Arn']).toMatch(/assumed-role\/demo\/on$/);
    expect(await ask(way, bob(), { key: keyOf(second) })).toMatchObject(refusal('AccessDenied'));
  });

  it('says which proof is wrong', async () => {
    const wrong = await ask(way, demo(), { key: { ...local(), secret: 'wrong' } });
    expect(wrong).toMatchObject({ status: 403, texts: { Code: 'SignatureDoesNotMatch' } });
    const unknown = await ask(way, demo(), { key: { ...local(), id: 'AKIDNOBODY' } });
    expect(unknown).toMatchObject({ status: 403, texts: { Code: 'InvalidClientTokenId' } });
  });

  it('says that a token was tampered with, or is of another triad', async () => {
    const [first, second] = [keyOf(await ask(way, demo())), keyOf(await ask(way, demo()))];
    const { token = '', ...tokenless } = first;
    const ends = token.endsWith('AAAA') ? 'BBBB' : 'AAAA';
    for (const key of [
      { ...first, token: `${token.slice(0, -4)}${ends}` },
      { ...first, token: second.token ?? '' },
      { ...first, id: second.id },
      { ...local(), token },
      tokenless,
    ]) {
      expect(await ask(way, demo(), { key })).toMatchObject({ status: 403, texts: { Code: 'InvalidClientTokenId' } });
    }
    const mixed = await ask(way, demo(), { key: { ...first, secret: second.secret } });
    expect(mixed).toMatchObject({ status: 403, texts: { Code: 'SignatureDoesNotMatch' } });
  });

  it('says that the time of a triad is over, or that a clock is a quarter of an hour off', async () => {
    const key = keyOf(await ask(way, demo({ DurationSeconds: 900 })));
    for (const [minutes, status] of [
      [-16, 400],
      [-14, 200],
      [14, 200],
      [16, 400],
    ] as const) {
      app.skewMs = minutes * 60_000;
      expect(await ask(way, demo())).toMatchObject({ status, texts: status === 200 ? {} : { Code: 'RequestExpired' } });
    }
    app.skewMs = 0;
    later(901_000);
    expect(await ask(way, demo(), { key })).toMatchObject({ status: 403, texts: { Code: 'ExpiredToken' } });
  });
});

describe('a signature to ECS', () => {
  it('is asked whose it is', async () => {
    const whoami = (key: Key) => get('/user/whoami', signed('GET /user/whoami', {}, key, '/'));
    expect(await whoami(local())).toMatchObject({ status: 200, texts: { common_name: 'local' } });
    const session = keyOf(await ask(ways[2], demo()));
    expect(await whoami(session)).toMatchObject({ status: 200, texts: { common_name: 'me' } });
    expect(await whoami({ ...local(), secret: 'wrong' })).toMatchObject({ status: 401, texts: { code: '4000' } });
  });

  it('is over a space where the wire has a plus', async () => {
    const said = demo({ InlineSessionPolicy: JSON.stringify(policy, null, 1) });
    const wire = queryOf(said, (text) => strictly(text).replaceAll('%20', '+'));
    expect(wire).toContain('+');
    const headers = signed('POST /sts', said, local(), '/');
    const answer = await read(await fetch(`${app.url}/sts?${wire}`, { method: 'POST', headers }), app);
    expect(answer).toMatchObject({ status: 200 });
  });

  it('is not to stand beside a login', async () => {
    const headers = { ...signed('POST /sts', demo(), local(), '/'), ...(await login()) };
    const answer = await read(await fetch(`${app.url}/sts?${queryOf(demo())}`, { method: 'POST', headers }), app);
    expect(answer).toMatchObject({ status: 400, texts: { Code: 'IncompleteSignature' } });
  });
});

describe('a login to ECS', () => {
  it('gives a token that says who one is, until it is ended', async () => {
    const first = await get('/login', basic(local()));
    expect(first).toMatchObject({ status: 200, texts: { user: 'local' } });
    const token = { 'x-sds-auth-token': first.headers.get('x-sds-auth-token') ?? '' };
    expect(first.headers.get('set-cookie')).toContain(`X-SDS-AUTH-TOKEN=${token['x-sds-auth-token']};`);
    expect(await get('/user/whoami', token)).toMatchObject({ status: 200, texts: { common_name: 'local' } });
    const other = await login();
    expect(await get('/logout', token)).toMatchObject({ status: 200, texts: { user: 'local' } });
    expect(await get('/user/whoami', token)).toMatchObject({ status: 401, texts: { code: '4000' } });
    expect(await get('/user/whoami', { ...other, accept: 'application/json' })).toMatchObject({
      status: 200,
      texts: { common_name: 'local' },
    });
  });

  it('is answered in JSON where that is asked for, and at /mgmt too', async () => {
    const answer = await get('/mgmt/login', { ...basic(local()), accept: 'application/json' });
    expect(answer).toMatchObject({ status: 200, type: 'application/json', text: '{"user":"local"}' });
    const headers = { 'x-sds-auth-token': answer.headers.get('x-sds-auth-token') ?? '' };
    const minted = await fetch(`${app.url}/mgmt/sts?${queryOf(demo())}`, { method: 'POST', headers });
    expect(minted.status).toBe(200);
  });

  it.each([
    ['a wrong password', () => basic({ ...local(), secret: 'wrong' })],
    ['an unknown name', () => basic({ ...local(), id: 'nobody' })],
    ['no Basic at all', () => ({})],
    ['half of it', () => ({ authorization: 'Basic bm9ib2R5' })],
  ])('is refused with %s', async (_name, headers) => {
    const answer = await get('/login', headers());
    expect(answer).toMatchObject({ status: 401, texts: { code: '4000', retryable: 'false' } });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(answer.headers.get('x-sds-auth-token')).toBeNull();
    const json = await get('/login', { ...headers(), accept: 'application/json' });
    expect(json).toMatchObject({ status: 401, type: 'application/json', texts: { code: '4000' } });
  });

  it('is asked for anew by 401 where its token was tampered with, or eight hours have gone by', async () => {
    const token = await login();
    const text = token['x-sds-auth-token'] ?? '';
    const touched = { 'x-sds-auth-token': `${text.slice(0, -4)}${text.endsWith('AAAA') ? 'BBBB' : 'AAAA'}` };
    const askWith = async (headers: Headers) =>
      read(await fetch(`${app.url}/sts?${queryOf(demo())}`, { method: 'POST', headers }), app);
    expect(await askWith(touched)).toMatchObject({ status: 401, texts: { code: '4000' } });
    expect(await askWith({})).toMatchObject({ status: 403, texts: { Code: 'MissingAuthenticationToken' } });
    app.skewMs = 7.9 * 3_600_000;
    expect(await askWith(token)).toMatchObject({ status: 200 });
    app.skewMs = 8.1 * 3_600_000;
    expect(await askWith(token)).toMatchObject({ status: 401, texts: { code: '4000' } });
    expect(await get('/logout', token)).toMatchObject({ status: 401 });
  });

  it('is not for temporary keys', async () => {
    const { id, secret } = keyOf(await ask(ways[0], demo()));
    expect(await get('/login', basic({ id, secret }))).toMatchObject({ status: 401 });
  });
});

describe("the request of the vendor's page on AssumeRole", () => {
  it('mints what the page shows', async () => {
    const query =
      'Action=AssumeRole&RoleSessionName=temp&RoleArn=urn:ecs:iam::s3:role/s3assumeRole&DurationSeconds=7200';
    const headers = { accept: '*/*', ...(await login(ci, roles)) };
    const answer = await read(await fetch(`${roles.url}/sts?${query}`, { method: 'POST', headers }), roles);
    expect(answer).toMatchObject({ status: 200, type: 'application/xml' });
    expect(answer.text.replace(/>[^<>]+</g, '><')).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><ns2:AssumeRoleResponse xmlns:ns2="none">',
        '<ResponseMetadata><RequestId></RequestId></ResponseMetadata><AssumeRoleResult>',
        '<AssumedRoleUser><Arn></Arn><AssumedRoleId></AssumedRoleId></AssumedRoleUser>',
        '<Credentials><AccessKeyId></AccessKeyId><Expiration></Expiration><SecretAccessKey></SecretAccessKey>',
        '<SessionToken></SessionToken></Credentials></AssumeRoleResult></ns2:AssumeRoleResponse>',
      ].join(''),
    );
    expect(answer.texts['Arn']).toBe('urn:ecs:sts::s3:assumed-role/s3assumeRole/temp');
    expect(answer.texts['AssumedRoleId']).toMatch(/^AROA[0-9A-F]{16}:temp$/);
    expect(lasts(answer)).toBe(7200);
  });
});

describe("the AWS SDK's STS client, pointed at ECS", () => {
  const clients: STSClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
  });
  const assume = (more: object = {}, secretAccessKey = local().secret) => {
    const credentials = { accessKeyId: local().id, secretAccessKey };
    const client = new STSClient({ endpoint: `${app.url}/sts`, region: 'us-east-1', credentials, maxAttempts: 1 });
    clients.push(client);
    return client.send(new AssumeRoleCommand({ RoleArn: role(), RoleSessionName: 'me', ...more }));
  };

  it('assumes a role', async () => {
    const { Credentials, AssumedRoleUser, $metadata } = await assume({ DurationSeconds: 900 });
    expect(Credentials?.Expiration?.getTime()).toBeGreaterThan(Date.now() + 890_000);
    expect(AssumedRoleUser?.Arn).toMatch(/^urn:ecs:sts::\w+:assumed-role\/demo\/me$/);
    expect($metadata.requestId).toBe(app.records.at(-1)?.requestId);
  });

  it.each<[string, object, string]>([
    ['ValidationError', { DurationSeconds: 899 }, ''],
    ['ValidationError', { Policy: JSON.stringify(policy) }, ''],
    ['AccessDenied', { RoleArn: 'urn:ecs:iam::s3:role/nobody' }, ''],
    ['SignatureDoesNotMatch', {}, 'wrong'],
  ])('surfaces %s', async (name, more, secret) => {
    const thrown = await assume(more, secret === '' ? undefined : secret).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ name, $metadata: { requestId: app.records.at(-1)?.requestId } });
  });
});
