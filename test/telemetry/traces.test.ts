import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, openCloud } from '../support/fake-cloud.ts';
import { type OtlpReceiver, openOtlpReceiver } from '../support/otlp-receiver.ts';
import { account, type ServerProcess, startServer } from '../support/server-process.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${parentId}-01`;

let cloud: Cloud;
let receiver: OtlpReceiver;
const servers: ServerProcess[] = [];

beforeEach(async () => {
  cloud = await openCloud();
  receiver = await openOtlpReceiver();
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await cloud.close();
  await receiver.close();
});

const open = async (traces?: object): Promise<ServerProcess> => {
  const started = await startServer({
    accounts: { aws: account(cloud.url) },
    server: { noticeSeconds: 0 },
    ...(traces === undefined ? {} : { telemetry: { traces: { endpoint: receiver.url, ...traces } } }),
  });
  servers.push(started);
  return started;
};

/** What the server has exported by its end. */
const end = async (server: ServerProcess): Promise<void> => {
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
};

const records = ({ folder }: ServerProcess): readonly Record<string, unknown>[] =>
  readFileSync(join(folder, 'audit.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((line) => line['event.name'] === 'credmint.decision');

describe('a server that exports traces', () => {
  it('has a span for the request of its caller, for each step, and for the call to the cloud', async () => {
    const server = await open({});
    expect((await server.assume('session-of-mine', { headers: { traceparent } })).status).toBe(200);
    await end(server);
    const spans = await receiver.came('json AssumeRole');
    const [root] = spans.filter(({ name }) => name === 'json AssumeRole');
    expect(root).toMatchObject({
      traceId,
      parentSpanId: parentId,
      kind: 2,
      attributes: {
        'credmint.operation': 'AssumeRole',
        'credmint.outcome': 'Done',
        'credmint.account': 'aws',
        'credmint.caller': 'ci',
        'credmint.grant': 'ci',
        'credmint.origin': 'minted',
        'http.response.status_code': 200,
      },
    });
    const steps = spans.filter(({ parentSpanId }) => parentSpanId === root?.spanId).map(({ name }) => name);
    expect(steps.sort()).toEqual(['audit', 'authenticate', 'authorize', 'mint', 'parse', 'render']);
    const mint = spans.find(({ name }) => name === 'mint');
    const [call] = spans.filter(({ parentSpanId }) => parentSpanId === mint?.spanId);
    expect(call).toMatchObject({
      name: 'POST',
      kind: 3,
      attributes: { 'server.address': '127.0.0.1', 'http.response.status_code': 200 },
    });
    expect(cloud.traceparents).toEqual([`00-${traceId}-${call?.spanId}-01`]);
    expect(records(server)).toMatchObject([{ trace_id: traceId }]);
  });

  it('says nothing that is secret, of a session or of a path', async () => {
    const server = await open({ headers: { 'x-collector-key': 'env:SEAL' } });
    const { text } = await server.assume('session-of-mine', { headers: { traceparent } });
    const { credentials } = JSON.parse(text);
    await server.assume('other-session', { account: 'none' });
    await end(server);
    await receiver.came('json AssumeRole');
    const [{ headers } = { headers: {} }] = receiver.sent;
    expect(headers).toMatchObject({ 'x-collector-key': 'a seal of more than thirty-two characters' });
    const all = receiver.sent.map((one) => one.text).join('\n');
    for (const said of [
      ...Object.values<string>(credentials),
      'session-of-mine',
      'other-session',
      'a seal of',
      'the-secret-of',
      'AKIDCALLER',
      'AKIDACCOUNT',
      '/assumeRole',
      'role/demo',
      'Signature',
    ])
      expect(all).not.toContain(said);
  });

  it('begins a trace of its own if there is none, or one that is not valid', async () => {
    const server = await open({});
    await server.assume('one');
    for (const invalid of [`00-${'0'.repeat(32)}-${parentId}-01`, 'x'.repeat(4_000), `${traceparent}, ${traceparent}`])
      expect((await server.assume('one', { headers: { traceparent: invalid } })).status).toBe(200);
    await end(server);
    await receiver.came('json AssumeRole');
    const roots = receiver.spans.filter(({ kind }) => kind === 2);
    expect(roots).toHaveLength(4);
    expect(new Set(roots.map((span) => span.traceId)).size).toBe(4);
    for (const root of roots) {
      expect(root.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect([root.traceId === traceId, root.parentSpanId ?? '']).toEqual([false, '']);
    }
  });

  it('marks what a cloud or this server did, and not what a caller did, as an error', async () => {
    const server = await open({});
    await server.assume('one', { account: 'none' });
    cloud.failing = true;
    await server.assume('two');
    await end(server);
    await receiver.came('json AssumeRole');
    const roots = receiver.spans.filter(({ kind }) => kind === 2);
    const byOutcome = Object.fromEntries(roots.map((span) => [span.attributes['credmint.outcome'], span.status.code]));
    expect(byOutcome).toEqual({ AccessDenied: 0, CloudUnavailable: 2 });
    const calls = receiver.spans.filter(({ kind }) => kind === 3);
    expect(calls.length).toBeGreaterThan(1);
    for (const call of calls) expect(call).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': '503' } });
  });

  it('records what it is told to, and nothing that a caller keeps from being recorded', async () => {
    const none = await open({ sampleRatio: 0 });
    const all = await open({});
    await none.assume('one', { headers: { traceparent } });
    await all.assume('one', { headers: { traceparent: `00-${traceId}-${parentId}-00` } });
    await end(none);
    await end(all);
    expect(receiver.spans).toEqual([]);
    // The trace goes through all the same.
    expect(cloud.traceparents).toEqual([1, 2].map(() => expect.stringMatching(new RegExp(`^00-${traceId}-.{16}-00$`))));
  });

  it('serves on if the collector is not there, and says so once', async () => {
    const server = await open({ endpoint: 'http://127.0.0.1:9/v1/traces' });
    expect((await server.assume('one')).status).toBe(200);
    expect(JSON.parse(await server.says('traces are not exported'))).toMatchObject({
      level: 'warn',
      host: '127.0.0.1:9',
      cause: 'the connection was refused: nothing listens there (ECONNREFUSED)',
    });
    expect((await server.assume('two')).status).toBe(200);
  });
});

describe('a server that exports no traces', () => {
  it('passes the trace of its caller on as it is, and names it in the log and in the audit trail', async () => {
    const server = await open();
    expect((await server.assume('one', { headers: { traceparent } })).status).toBe(200);
    expect((await server.assume('two', { headers: { traceparent: 'nonsense' } })).status).toBe(200);
    expect(cloud.traceparents).toEqual([traceparent, undefined]);
    expect(JSON.parse(await server.says('"event":"request"'))).toMatchObject({ trace: traceId, outcome: 'Done' });
    expect(records(server).map((record) => record['trace_id'])).toEqual([traceId, undefined]);
  });
});
