import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readLines } from '../../lib/audit/read-lines.ts';
import { type AuditReport, auditVerifier } from '../../lib/audit/verify/verify.ts';
import { type Cloud, openCloud } from '../support/fake-cloud.ts';
import { account, type ServerProcess, startAnother, startServer } from '../support/server-process.ts';

let cloud: Cloud;
const servers: ServerProcess[] = [];

beforeEach(async () => {
  cloud = await openCloud();
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await cloud.close();
});

const open = async (server: object = {}, more: object = {}): Promise<ServerProcess> => {
  const settings = { noticeSeconds: 0, metrics: true, ...server };
  const started = await startServer({ accounts: { aws: account(cloud.url) }, server: settings, ...more });
  servers.push(started);
  return started;
};

const sqlite = { store: { kind: 'sqlite', path: 'store.sqlite', sealingKeys: ['env:SEAL'] } };

/** The sum of a figure over its labels. */
const figure = (text: string, name: string): number =>
  [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );

describe('a server with a configuration', () => {
  it('mints, is alive and ready, and tells its figures', async () => {
    const server = await open();
    expect((await server.get('/health')).status).toBe(200);
    expect(await server.get('/ready')).toMatchObject({ status: 200, text: '{"status":"ready","degraded":[]}' });
    expect((await server.assume('one')).status).toBe(200);
    expect((await server.assume('one')).status).toBe(200);
    const { headers, text } = await server.get('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(figure(text, 'credmint_requests_total')).toBe(2);
    expect(figure(text, 'credmint_cache_hits_total')).toBe(1);
    expect(figure(text, 'credmint_cloud_calls_total')).toBe(1);
  });

  it('is found healthy by the check of its image, and is not when it has ended', async () => {
    const server = await open();
    expect(await server.healthy()).toBe(true);
    server.child.kill('SIGTERM');
    await server.ended;
    expect(await server.healthy()).toBe(false);
  });

  it('tells no figures unless it is told to', async () => {
    const server = await open({ metrics: false });
    expect((await server.get('/metrics')).status).toBe(404);
  });

  it('says what is wrong with its configuration, and does not start', async () => {
    await expect(open({ workers: 2 })).rejects.toThrow(
      'server.workers: must be left out: run one process per replica, or several with server.reusePort',
    );
  });

  it('turns away what is too much, in the dialect of the caller, and when to come back', async () => {
    const server = await open({ maxRequests: 1 });
    cloud.holding = true;
    const first = server.assume('one');
    await cloud.came(1);
    const { status, headers, text } = await server.assume('two');
    expect([status, headers['retry-after'], headers['content-type']]).toEqual([503, '1', 'application/problem+json']);
    expect(JSON.parse(text)).toMatchObject({ code: 'Unavailable', retryable: true });
    cloud.release();
    expect((await first).status).toBe(200);
  });

  it('when told to end, says so to balancers, finishes what is under way, ends its audit trail and exits with 0', async () => {
    const server = await open({ noticeSeconds: 1 });
    cloud.holding = true;
    const underWay = server.assume('one');
    await cloud.came(1);
    server.child.kill('SIGTERM');
    let ready = await server.get('/ready');
    while (ready.status === 200) ready = await server.get('/ready');
    expect(ready).toMatchObject({ status: 503, text: '{"status":"leaving","degraded":[]}' });
    expect(ready.headers['connection']).toBe('close');
    // The port is closed after the notice; requests in flight are still answered.
    for (let open = true; open; )
      open = await server.get('/health').then(
        () => true,
        () => false,
      );
    cloud.release();
    const answer = await underWay;
    expect([answer.status, answer.headers['connection']]).toEqual([200, 'close']);
    expect(await server.ended).toBe(0);
    const last = readFileSync(join(server.folder, 'audit.jsonl'), 'utf8').trimEnd().split('\n').at(-1);
    expect(last).toMatch(/end/);
  });

  it('cuts what is not done in time, and exits with 1', async () => {
    const server = await open({ drainSeconds: 1 });
    cloud.holding = true;
    const cut = server.assume('one').then(
      () => 'answered',
      () => 'cut',
    );
    await cloud.came(1);
    server.child.kill('SIGTERM');
    expect(await cut).toBe('cut');
    expect(await server.ended).toBe(1);
  });
});

describe('several processes on one port', () => {
  const shared = {
    ...sqlite,
    audit: { sink: { kind: 'file', path: 'audit-%p.jsonl' }, key: 'file:audit.pem' },
  };
  const start = async (): Promise<readonly [ServerProcess, ServerProcess]> => {
    const written = {
      accounts: { aws: account(cloud.url) },
      server: { reusePort: true, metrics: true, metricsPort: 0, noticeSeconds: 0 },
      ...shared,
    };
    const one = await startServer(written);
    servers.push(one);
    const other = await startAnother(one.folder, { PORT: new URL(one.url).port });
    servers.push(other);
    return [one, other];
  };
  const auditFile = (server: ServerProcess): string => join(server.folder, `audit-${server.child.pid}.jsonl`);
  const hasAnswered = (server: ServerProcess): boolean =>
    existsSync(auditFile(server)) && readFileSync(auditFile(server), 'utf8').includes('AssumeRole');
  const verify = async (server: ServerProcess): Promise<AuditReport> => {
    const key = createPublicKey(readFileSync(join(server.folder, 'audit.pem')));
    const verifier = auditVerifier([key], { complete: true, partial: false, collected: false });
    let line = 0;
    for await (const bytes of readLines(auditFile(server))) verifier.take(bytes, { line: ++line });
    return verifier.finish();
  };

  it('share its connections, each with an audit file of its own that verifies', async () => {
    const both = await start();
    // The kernel chooses by a hash of each connection, so both have had some after enough of them.
    for (let index = 0; index < 200 && !both.every(hasAnswered); index++) {
      expect((await both[0].assume(`run-${index}`)).status).toBe(200);
    }
    for (const server of both) server.child.kill('SIGTERM');
    expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
    for (const server of both) {
      expect(await verify(server)).toMatchObject({ ok: true, faults: [], chains: [{ ended: true }] });
    }
  });

  it('have an address for metrics each, and none on the port that they share', async () => {
    const server = await open({ metricsPort: 0 });
    const metrics = (await server.says('metrics at')).split(' ').at(-1) ?? '';
    expect((await server.get('/metrics')).status).toBe(404);
    expect((await server.assume('one')).status).toBe(200);
    const { text } = await server.get(metrics);
    expect(figure(text, 'credmint_cloud_calls_total')).toBe(1);
  });

  it('need a store that they share, a file each, and an address for metrics each', async () => {
    const reusePort = { reusePort: true };
    await expect(open(reusePort)).rejects.toThrow('server.reusePort: needs a store that the processes share');
    await expect(open(reusePort, sqlite)).rejects.toThrow('audit.sink.path: must contain %p');
    await expect(open(reusePort, shared)).rejects.toThrow('needs a METRICS_PORT of its own');
  });
});
