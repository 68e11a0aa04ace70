import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import type { LeaseStatus } from '../../lib/core/lease-status.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { type AppOptions, ciKey, createApp, type LaptopApp, openLaptopApp } from '../support/app.ts';
import { awsAccount } from '../support/cloud-transport.ts';
import { hear } from '../support/json-api.ts';
import { leaseOf, minute, open } from '../support/leases.ts';
import { forever } from '../support/requests.ts';
import { downStore } from '../support/store-wrappers.ts';

describe('GET /leases', () => {
  let app: LaptopApp;
  beforeEach(async () => {
    app = await openLaptopApp();
  });
  afterEach(() => app.close());

  const get = async (path: string, token = app.access.token) =>
    hear(await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${token}` } }));

  it('says how each lease is doing, before and after it is minted, and nothing that is secret', async () => {
    expect((await get('/leases')).body.leases).toEqual([
      { name: 'demo', account: 'aws', state: 'missing', failures: 0, deliveryFailures: 0, pendingDeliveries: 0 },
    ]);
    await app.keepFresh();
    const { credentials } = (await get('/leases/demo')).body;
    const { status, headers, body, text } = await get('/leases');
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(body).toEqual({
      requestId: headers.get('x-request-id'),
      leases: [
        {
          name: 'demo',
          account: 'aws',
          state: 'fresh',
          failures: 0,
          deliveryFailures: 0,
          pendingDeliveries: 0,
          mintedAt: expect.any(String),
          expiration: credentials.expiration.replace('Z', '.000Z'),
          nextRefresh: expect.any(String),
        },
      ],
    });
    for (const secret of [credentials.secretAccessKey, credentials.sessionToken]) expect(text).not.toContain(secret);
    expect(app.records.at(-1)).toMatchObject({ operation: 'ListLeases', outcome: 'Done', grant: 'read-demo' });
  });

  it.each([
    ['/leases?format=dotenv', 'UnknownParameter'],
    ['/leases?after=', 'InvalidParameter'],
    ['/leases?after=a/b', 'InvalidParameter'],
  ])('refuses %s', async (path, code) => {
    const { status, body } = await get(path);
    expect([status, body.code]).toEqual([400, code]);
  });

  it('takes a proof, and is a GET', async () => {
    expect((await get('/leases', '')).status).toBe(401);
    const posted = await fetch(`${app.url}/leases`, { method: 'POST' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET']);
  });
});

const listing = (changes: object = {}) => ({
  name: 'look',
  callers: ['ci'],
  account: 'aws',
  operations: ['ListLeases'],
  leases: ['**'],
  ...changes,
});

const lease = (account = 'aws') => leaseOf({ account });

const list = async (grants: readonly object[], leases: object, query = '', deps: AppOptions['deps'] = {}) => {
  const app = createApp({
    config: { accounts: { aws: awsAccount(), other: awsAccount() }, grants, leases },
    environment: { ACCOUNT: 'the secret of the account' },
    deps,
  });
  const asked: HttpRequest = {
    method: 'GET',
    scheme: 'https',
    host: 'mint.example.test',
    path: '/leases',
    query,
    headers: {},
    body: '',
  };
  const key = { id: ciKey.id, secret: new Secret(ciKey.secret) };
  const { status, headers, body } = await app.send(
    sign(asked, key, { now: app.now(), region: 'local', service: 'sts' }),
  );
  const names = (body.leases as LeaseStatus[] | undefined)?.map(({ name }) => name);
  return { status, headers, names, next: body.next, code: body.code, record: app.records.at(-1) };
};

describe('what a caller sees of leases', () => {
  const leases = { 'pay-1': lease(), 'pay-2': lease(), 'ship-1': lease(), foreign: lease('other') };

  it('is what its grants name, in the accounts that they are for', async () => {
    expect((await list([listing()], leases)).names).toEqual(['pay-1', 'pay-2', 'ship-1']);
    expect((await list([listing({ leases: ['pay-*'] })], leases)).names).toEqual(['pay-1', 'pay-2']);
    expect((await list([listing({ account: 'other' })], leases)).names).toEqual(['foreign']);
    const both = [listing({ leases: ['ship-*'] }), listing({ name: 'more', account: 'other' })];
    expect((await list(both, leases)).names).toEqual(['foreign', 'ship-1']);
  });

  it('is nothing if they name none that there is', async () => {
    expect(await list([listing({ leases: ['absent'] })], leases)).toMatchObject({ status: 200, names: [] });
  });

  it('takes a grant to list: one to read does not do', async () => {
    const { status, record } = await list([listing({ operations: ['ReadLease'] })], leases);
    expect(status).toBe(403);
    expect(record).toMatchObject({ operation: 'ListLeases', reason: 'OperationNotGranted' });
  });

  it('takes the conditions of the grant to be met', async () => {
    expect((await list([listing({ sourceIps: ['192.0.2.1'] })], leases)).status).toBe(403);
    const partly = [listing({ leases: ['pay-1'] }), listing({ name: 'never', sourceIps: ['192.0.2.1'] })];
    expect((await list(partly, leases)).names).toEqual(['pay-1']);
  });

  it('comes in pages', async () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`l-${1000 + index}`, lease()]));
    const first = await list([listing()], many);
    expect([first.names?.length, first.next]).toEqual([500, 'l-1499']);
    expect(await list([listing()], many, 'after=l-1499')).toMatchObject({ names: ['l-1500'], next: undefined });
  });

  it('is not said to be missing while the store does not answer', async () => {
    const { status, code, headers } = await list([listing()], leases, '', { store: downStore });
    expect([status, code, headers['retry-after']]).toEqual([503, 'Unavailable', '1']);
  });
});

describe('the state of a lease', () => {
  const statusOf = async (instance: ReturnType<typeof open>) =>
    (await instance.reader.statuses(['demo'], forever, instance.clock.now()))[0];

  it('is fresh, then due, then missing if nothing refreshes it', async () => {
    const instance = open();
    await instance.run();
    expect(await statusOf(instance)).toMatchObject({ state: 'fresh', mintedAt: instance.clock.now() });
    await instance.clock.pass(45 * minute);
    expect(await statusOf(instance)).toMatchObject({ state: 'due' });
    await instance.clock.pass(15 * minute);
    const last = await statusOf(instance);
    expect(last).toMatchObject({ state: 'missing' });
    expect(last?.expiration?.getTime()).toBe(instance.clock.now().getTime());
  });

  it('is failing while what is held is valid, and says by what code and when it is tried again', async () => {
    const instance = open();
    await instance.run();
    instance.mint = () => Promise.reject(new Error('no'));
    await instance.clock.pass(45 * minute);
    await instance.run();
    const status = await statusOf(instance);
    expect(status).toMatchObject({ state: 'failing', failures: 1, code: 'Internal' });
    expect(status?.nextRefresh?.getTime()).toBeGreaterThan(instance.clock.now().getTime());
  });

  it('says how many targets do not have the credentials', async () => {
    const leases = {
      demo: leaseOf({
        deliver: [
          { kind: 'file', path: 'a' },
          { kind: 'file', path: 'b' },
        ],
      }),
    };
    const instance = open({ leases });
    instance.deliver = async ({ kind: _, ...settings }) => {
      if ('path' in settings && settings.path.endsWith('b')) throw new Error('full');
    };
    await instance.run();
    expect(await statusOf(instance)).toMatchObject({ state: 'failing', deliveryFailures: 1, pendingDeliveries: 1 });
  });
});
