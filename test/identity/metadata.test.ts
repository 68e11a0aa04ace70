import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import type { RuntimeIdentity } from '../../lib/identity/runtime-identity.ts';
import { runtimeKey } from '../../lib/identity/runtime-key.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { stillClock } from '../support/store-contract.ts';
import { type Answer, type Recorder, record } from '../support/store-recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-metadata-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hour = 3_600_000;
const signal = () => AbortSignal.timeout(60_000);
const recorders: Recorder[] = [];
afterEach(async () => {
  await Promise.all(recorders.splice(0).map(({ close }) => close()));
});

type Emulation = (request: HttpRequest, now: Date) => Answer | undefined;

/** A metadata service of a test's own, and the identity that a process gets from it. */
const emulate = async (answer: Emulation, identityAt: (endpoint: URL) => RuntimeIdentity) => {
  const clock = stillClock();
  const state = { down: false };
  const recorder = await record((request) => (state.down ? undefined : answer(request, clock.now())));
  recorders.push(recorder);
  const key = runtimeKey(identityAt(recorder.url), { transport: nodeTransport(), now: clock.now });
  const paths = () => recorder.requests.map(({ method, path }) => `${method} ${path}`);
  return { clock, state, recorder, paths, id: async () => (await key(signal())).id };
};

const tokenPath = 'PUT /latest/api/token';
const rolesOfEc2 = '/latest/meta-data/iam/security-credentials/';
const rolesOfCvm = '/latest/meta-data/cam/security-credentials/';

/** EC2's metadata that takes version 2 alone: without a token of its own, every GET is refused. */
const ec2 = (): Emulation => {
  let tokens = 0;
  let keys = 0;
  return ({ method, path, headers }, now) => {
    if (method === 'PUT' && path === '/latest/api/token') {
      return headers['x-aws-ec2-metadata-token-ttl-seconds'] === '21600'
        ? { body: `token-${++tokens}` }
        : { status: 400 };
    }
    if (headers['x-aws-ec2-metadata-token'] !== `token-${tokens}`) return { status: 401 };
    if (path === rolesOfEc2) return { body: 'machine-role' };
    if (path !== `${rolesOfEc2}machine-role`) return { status: 404 };
    const Expiration = new Date(now.getTime() + 6 * hour).toISOString();
    return {
      body: { Code: 'Success', AccessKeyId: `ASIA${++keys}`, SecretAccessKey: 's', Token: 't', Expiration },
    };
  };
};

const cvm = (): Emulation => {
  let keys = 0;
  return ({ path }, now) => {
    if (path === rolesOfCvm) return { body: 'machine-role' };
    if (path !== `${rolesOfCvm}machine-role`) return { status: 404 };
    const Expiration = new Date(now.getTime() + 6 * hour).toISOString();
    return { body: { Code: 'Success', TmpSecretId: `AKID${++keys}`, TmpSecretKey: 's', Token: 't', Expiration } };
  };
};

const instance =
  (cloud: 'aws' | 'tencent') =>
  (endpoint: URL): RuntimeIdentity => ({
    kind: 'instance',
    cloud,
    endpoint,
  });

describe('the identity of an EC2 instance', () => {
  it('is asked for with a token that only a PUT is given, and never without one', async () => {
    const { id, paths, recorder } = await emulate(ec2(), instance('aws'));
    expect(await id()).toBe('ASIA1');
    expect(paths()).toEqual([tokenPath, `GET ${rolesOfEc2}`, `GET ${rolesOfEc2}machine-role`]);
    expect(recorder.requests.slice(1).map(({ headers }) => headers['x-aws-ec2-metadata-token'])).toEqual([
      'token-1',
      'token-1',
    ]);
  });

  it('is not sought by version 1 if the PUT has no answer, as behind too many hops', async () => {
    const { id, paths } = await emulate(
      ({ method }) => (method === 'PUT' ? undefined : { body: 'role' }),
      instance('aws'),
    );
    await expect(id()).rejects.toThrow('hop limit');
    expect(paths()).toEqual([tokenPath]);
  });

  it.each<[string, Emulation, string]>([
    ['no role is attached', ({ method }) => (method === 'PUT' ? { body: 'token' } : { status: 404 }), 'names no role'],
    ['the token is refused', () => ({ status: 403 }), 'gave no token'],
    [
      'the role has no credentials',
      ({ method, path }) =>
        method === 'PUT' ? { body: 'token' } : path === rolesOfEc2 ? { body: 'role' } : { body: { Code: 'Failed' } },
      'gave no credentials',
    ],
    [
      'the name of the role is a path',
      ({ method }) => (method === 'PUT' ? { body: 'token' } : { body: '../../user-data' }),
      'names no role',
    ],
  ])('is refused if %s', async (_, answer, why) => {
    const { id } = await emulate(answer, instance('aws'));
    await expect(id()).rejects.toThrow(why);
  });
});

describe.each<[string, () => Emulation, 'aws' | 'tencent']>([
  ['EC2', ec2, 'aws'],
  ['CVM', cvm, 'tencent'],
])('the identity of an instance of %s', (_, emulation, cloud) => {
  it('is fetched once for all who want it, and renewed before it ends', async () => {
    const { id, clock } = await emulate(emulation(), instance(cloud));
    const ids = await Promise.all(Array.from({ length: 8 }, id));
    expect(new Set(ids).size).toBe(1);
    await clock.pass(6 * hour - 5 * 60_000 - 1);
    expect(await id()).toBe(ids[0]);
    await clock.pass(1);
    expect(await id()).not.toBe(ids[0]);
  });

  it('is used to its end through an outage, during which the service is asked seldom', async () => {
    const { id, clock, state, recorder } = await emulate(emulation(), instance(cloud));
    const first = await id();
    state.down = true;
    await clock.pass(6 * hour - 60_000);
    const before = recorder.requests.length;
    for (let times = 0; times < 10; times++) expect(await id()).toBe(first);
    // The first request alone found out that the service is down.
    expect(recorder.requests.length - before).toBe(1);
    await clock.pass(60_000);
    await expect(id()).rejects.toMatchObject({ code: 'CloudUnavailable' });
    state.down = false;
    expect(await id()).not.toBe(first);
  });
});

describe('the identity by a token file', () => {
  const tokenFile = join(folder, 'token');
  const expiration = (now: Date) => new Date(now.getTime() + hour);

  it('is obtained from AWS STS without a signature, by the token as it is then, and renewed', async () => {
    writeFileSync(tokenFile, 'first.token\n');
    let keys = 0;
    const { id, clock, recorder } = await emulate(
      (_request, now) => ({
        headers: { 'content-type': 'text/xml' },
        body:
          '<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>' +
          `<AccessKeyId>ASIA${++keys}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>` +
          `<Expiration>${expiration(now).toISOString()}</Expiration>` +
          '</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>',
      }),
      (endpoint) => ({
        kind: 'webIdentity',
        cloud: 'aws',
        tokenFile,
        role: 'arn:aws:iam::111122223333:role/pod',
        sessionName: 'pod',
        endpoint,
      }),
    );
    expect(await id()).toBe('ASIA1');
    writeFileSync(tokenFile, 'second.token\n');
    await clock.pass(hour);
    expect(await id()).toBe('ASIA2');
    const forms = recorder.requests.map(({ body }) => new URLSearchParams(body));
    expect(forms.map((form) => form.get('WebIdentityToken'))).toEqual(['first.token', 'second.token']);
    expect(forms[0]?.get('RoleArn')).toBe('arn:aws:iam::111122223333:role/pod');
    expect(recorder.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('is obtained from the STS of Tencent Cloud, as TKE wants it', async () => {
    writeFileSync(tokenFile, 'tke.token');
    const { id, recorder } = await emulate(
      (_request, now) => ({
        body: {
          Response: {
            Credentials: { TmpSecretId: 'AKID1', TmpSecretKey: 's', Token: 't' },
            ExpiredTime: Math.floor(expiration(now).getTime() / 1000),
            Expiration: expiration(now).toISOString(),
            RequestId: 'r',
          },
        },
      }),
      (endpoint) => ({
        kind: 'webIdentity',
        cloud: 'tencent',
        tokenFile,
        role: 'qcs::cam::uin/1:roleName/pod',
        sessionName: 'credmint',
        providerId: 'cls-1',
        region: 'ap-singapore',
        endpoint,
      }),
    );
    expect(await id()).toBe('AKID1');
    expect(recorder.requests[0]?.headers).toMatchObject({
      'x-tc-action': 'AssumeRoleWithWebIdentity',
      'x-tc-region': 'ap-singapore',
      authorization: 'SKIP',
    });
    expect(JSON.parse(recorder.requests[0]?.body ?? '')).toMatchObject({
      ProviderId: 'cls-1',
      WebIdentityToken: 'tke.token',
    });
  });
});
