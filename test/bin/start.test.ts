import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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
    expect(figure(text, 'credmint_cloud_call_seconds_count')).toBe(1);
  });

  it('warns of what can never work, and serves what does', async () => {
    const grants = [
      { name: 'ci', callers: ['ci'], account: 'aws', operations: ['AssumeRole'], roles: ['**'] },
      { name: 'none', callers: ['ci'], account: 'aws', operations: ['ReadLease'] },
    ];
    const server = await open({}, { grants });
    expect(JSON.parse(await server.says('can never work'))).toMatchObject({
      level: 'warn',
      what: 'grants.1.leases: is empty, so ReadLease can never be allowed',
    });
    expect((await server.assume('one')).status).toBe(200);
  });

  it('is found healthy by the check of its image, and is not when it has ended', async () => {
    const server = await open();
    expect(await server.healthy()).toBe(true);
    server.child.kill('SIGTERM');
    await server.ended;
    expect(await server.healthy()).toBe(false);
  });

  it('is found healthy at the address that it is told, although a secret of it can be read no more', async () => {
    const server = await open({ host: '127.0.0.2' });
    expect(server.url).toContain('127.0.0.2');
    expect(await server.healthy({ CALLER: '', ACCOUNT: '' })).toBe(true);
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

describe('a server that is told to read its configuration again', () => {
  const change = (server: ServerProcess, changed: (written: Record<string, unknown>) => object): void => {
    const path = join(server.folder, 'credmint.config.json');
    writeFileSync(path, JSON.stringify(changed(JSON.parse(readFileSync(path, 'utf8')))));
    server.child.kill('SIGHUP');
  };

  it('serves it from then on, and keeps what was minted', async () => {
    const server = await open();
    expect((await server.assume('one')).status).toBe(200);
    change(server, (written) => ({
      ...written,
      grants: [
        {
          name: 'ci',
          callers: ['ci'],
          account: 'aws',
          operations: ['AssumeRole'],
          roles: ['**'],
          maxDurationSeconds: 900,
        },
      ],
    }));
    await server.says('the configuration was read again');
    expect((await server.assume('one')).status).toBe(200);
    change(server, (written) => ({ ...written, grants: [] }));
    await expect.poll(async () => (await server.assume('one')).status, { timeout: 60_000 }).toBe(403);
    // The grant and the duration are in the cache's key; the counters of the first mint went on.
    expect(figure((await server.get('/metrics')).text, 'credmint_cache_misses_total')).toBe(2);
  });

  it('keeps the one before if the new one is not valid, or takes a restart, and logs why', async () => {
    const server = await open();
    change(server, (written) => ({ ...written, grants: [{ name: 'ci' }] }));
    expect(await server.says('the configuration was not read again')).toContain('grants.0.callers: is missing');
    expect((await server.assume('one')).status).toBe(200);
    change(server, (written) => ({ ...written, grants: [], server: { port: 1 } }));
    await server.says('server: was changed, which takes a restart');
    expect((await server.assume('two')).status).toBe(200);
  });
});

describe('what a server says on standard error', () => {
  it('is its summary, a line for each request, and the cause of what failed', async () => {
    const server = await open();
    expect(JSON.parse(await server.says('credmint serves'))).toMatchObject({
      accounts: 'aws',
      callers: 'ci',
      grants: 1,
      store: 'memory: nothing survives this process',
      url: server.url,
    });
    await server.assume('one');
    expect(JSON.parse(await server.says('"event":"request"'))).toMatchObject({
      level: 'info',
      caller: 'ci',
      account: 'aws',
      operation: 'AssumeRole',
      outcome: 'Done',
      origin: 'minted',
    });
    await cloud.close();
    expect((await server.assume('two')).status).toBe(503);
    expect(JSON.parse(await server.says('upstream call failed'))).toMatchObject({
      level: 'warn',
      host: new URL(cloud.url).host,
      cause: expect.stringMatching(/ECONNREFUSED|ECONNRESET|CutOff|cut off/),
    });
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
    const { metrics } = JSON.parse(await server.says('credmint serves'));
    expect((await server.get('/metrics')).status).toBe(404);
    expect((await server.assume('one')).status).toBe(200);
    const { text } = await server.get(metrics);
    expect(figure(text, 'credmint_cloud_call_seconds_count')).toBe(1);
  });

  it('need a store that they share, a file each, and an address for metrics each', async () => {
    const reusePort = { reusePort: true };
    await expect(open(reusePort)).rejects.toThrow('server.reusePort: needs a store that the processes share');
    await expect(open(reusePort, sqlite)).rejects.toThrow('audit.sink.path: must contain %p');
    await expect(open(reusePort, shared)).rejects.toThrow('needs a METRICS_PORT of its own');
  });
});
