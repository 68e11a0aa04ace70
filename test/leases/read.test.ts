import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApp, type LaptopApp, openLaptopApp } from '../support/app.ts';
import { hear } from '../support/json-api.ts';

interface SdkCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** The container credentials provider of the AWS SDK, by the SDK's own resolution. */
const sdk = createRequire(createRequire(import.meta.url).resolve('@aws-sdk/client-sts'));
const { fromHttp } = sdk('@aws-sdk/credential-provider-http') as {
  fromHttp: (options: object) => () => Promise<SdkCredentials>;
};

let app: LaptopApp;
beforeEach(async () => {
  app = await openLaptopApp();
});
afterEach(() => app.close());

const get = async (path: string, headers: Record<string, string> = {}) =>
  hear(await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${app.access.token}`, ...headers } }));

describe('GET /leases/NAME', () => {
  it('says when to come back, before there are credentials', async () => {
    const { status, headers, body } = await get('/leases/demo');
    expect([status, body.code, headers.get('retry-after')]).toEqual([404, 'LeaseNotFound', '5']);
  });

  it('serves what a run has minted over the wire, again and again, in every format', async () => {
    expect(await app.keepFresh()).toEqual({ refreshed: 1, failed: 0, skipped: 0, pending: 0 });
    const { status, headers, body } = await get('/leases/demo');
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      requestId: headers.get('x-request-id'),
      account: 'aws',
      cloud: 'aws',
      credentials: { accessKeyId: expect.stringMatching(/^ASIA/), sessionToken: expect.any(String) },
    });
    const id = body.credentials.accessKeyId;
    for (const format of ['default', 'aws-process', 'aws-container', 'cos', 'dotenv']) {
      expect((await get(`/leases/demo?format=${format}`)).text).toContain(id);
    }
    expect(app.records.at(-1)).toMatchObject({
      operation: 'ReadLease',
      outcome: 'Done',
      lease: 'demo',
      caller: 'local',
      grant: 'read-demo',
      accessKeyId: id,
    });
  });

  it('is what the AWS SDK reads as container credentials', async () => {
    await app.keepFresh();
    const provider = fromHttp({
      awsContainerCredentialsFullUri: `${app.url}/leases/demo?format=aws-container`,
      awsContainerAuthorizationToken: app.access.token,
    });
    const credentials = await provider();
    expect(credentials).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA/),
      secretAccessKey: expect.stringMatching(/^.{40}$/),
      sessionToken: expect.any(String),
    });
    expect(credentials.expiration?.getTime()).toBeGreaterThan(Date.now() + 3_000_000);
  });

  it('tells callers that may not read a lease nothing of it, not even whether it exists', async () => {
    const [one, other] = [await get('/leases/another'), await get('/leases/demo2')];
    expect([one.status, other.status]).toEqual([403, 403]);
    expect(app.records.at(-1)).toMatchObject({ reason: 'LeaseNotGranted', lease: 'demo2' });
    expect((await get('/leases/demo', { authorization: '' })).status).toBe(401);
    expect((await get('/leases/demo', { authorization: 'Bearer of-no-lease' })).body.code).toBe('InvalidToken');
  });

  it.each([
    ['/leases/', 404, 'NotFound'],
    ['/leases/a/b', 404, 'NotFound'],
    ['/leases/demo?format=xml', 400, 'InvalidParameter'],
    ['/leases/demo?role=x', 400, 'UnknownParameter'],
  ])('refuses %s', async (path, status, code) => {
    const answer = await get(path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('is a GET', async () => {
    const answer = await hear(await fetch(`${app.url}/leases/demo`, { method: 'POST' }));
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
  });
});

describe("a lease's own token", () => {
  const token = 'a-token-of-no-less-than-thirty-two-characters';
  const lease = { operation: 'AssumeRole', account: 'cloud', role: 'arn:aws:iam::123456789012:role/demo' };
  const reading = {
    name: 'reading',
    callers: ['lease-reader'],
    account: 'cloud',
    operations: ['ReadLease'],
    leases: ['pay-*'],
  };
  const composed = (grants: readonly object[]) =>
    createApp({
      config: {
        accounts: { cloud: { cloud: 'aws', endpoint: 'https://sts.example', key: { id: 'AKID', secret: 'env:KEY' } } },
        grants,
        leases: {
          'pay-1': { ...lease, readToken: 'env:TOKEN' },
          'pay-2': { ...lease, readToken: 'env:OTHER' },
          'ship-1': { ...lease, readToken: 'env:TOKEN' },
          'pay-3': lease,
        },
      },
      environment: { KEY: 'secret', TOKEN: token, OTHER: token.toUpperCase() },
    });
  const ask = async (name: string, authorization: string, grants: readonly object[] = [reading]) => {
    const deps = composed(grants);
    const { status, body } = await deps.send({
      method: 'GET',
      scheme: 'https',
      host: 'credmint.example',
      path: `/leases/${name}`,
      query: 'format=aws-container',
      headers: { authorization },
      body: '',
    });
    return { status, code: body.Code, record: deps.records.at(-1) };
  };

  it('proves a reader of that lease, which a grant may allow to read it', async () => {
    for (const authorization of [token, `Bearer ${token}`]) {
      const { status, code, record } = await ask('pay-1', authorization);
      // Nothing was minted, so the answer shows that the grants let the reader through.
      expect([status, code]).toEqual([404, 'LeaseNotFound']);
      expect(record).toMatchObject({ caller: 'lease-reader', proof: 'readToken', grant: 'reading', lease: 'pay-1' });
    }
  });

  it.each(['pay-2', 'pay-3', 'pay-4'])('proves no caller at %s, whether or not that is a lease', async (name) => {
    const { status, code, record } = await ask(name, token);
    expect([status, code]).toEqual([401, 'InvalidToken']);
    expect(record?.caller).toBeUndefined();
  });

  it('allows nothing without a grant', async () => {
    expect(await ask('pay-1', token, [])).toMatchObject({ status: 403 });
    expect(await ask('ship-1', token)).toMatchObject({ status: 403, record: { reason: 'LeaseNotGranted' } });
  });
});
