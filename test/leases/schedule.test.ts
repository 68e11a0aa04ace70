import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handler } from '../../functions/refreshLeases.ts';
import { scheduleFunction } from '../../lib/app/functions/schedule.ts';
import { runEveryMinute } from '../../lib/app/run-every-minute.ts';
import { awsUpstream } from '../../lib/clouds/aws/cloud.ts';
import type { RunLimits } from '../../lib/leases/deps.ts';
import { hmacHex, keyOf } from '../../lib/signers/digest.ts';
import { virtualClock } from '../support/clock.ts';
import { minute, role } from '../support/leases.ts';
import { openUpstream, type Upstream } from '../support/upstream.ts';

const reply = readFileSync(new URL('../../lib/clouds/aws/fixtures/assume-role.reply.xml', import.meta.url), 'utf8');
const inAnHour = (): string =>
  reply.replace(
    /<Expiration>.*<\/Expiration>/,
    `<Expiration>${new Date(Date.now() + 3_600_000).toISOString()}</Expiration>`,
  );

/** As EventBridge has it: docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html */
const scheduled = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '2026-11-22T12:00:00Z',
  region: 'eu-central-1',
  resources: ['arn:aws:events:eu-central-1:123456789012:rule/refresh'],
  detail: {},
};
/** As Tencent SCF has it: cloud.tencent.com/document/product/583/9708 */
const timer = { Type: 'Timer', TriggerName: 'refresh', Time: '2026-11-22T12:00:00Z', Message: '' };

const folder = mkdtempSync(join(tmpdir(), 'credmint-schedule-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('refreshLeases', () => {
  let cloud: Upstream;
  let before: string | undefined;

  beforeEach(async () => {
    before = process.env['CREDMINT_CONFIG'];
    cloud = await openUpstream(({ url }, response) => {
      if (url === '/hook') response.writeHead(204).end();
      else response.writeHead(200, { 'content-type': 'text/xml' }).end(inAnHour());
    });
    writeFileSync(join(folder, 'key'), 'the-secret-half-of-the-key-of-the-account');
    configure([{ name: 'keep', callers: ['leases'], account: 'aws', operations: ['AssumeRole'], roles: ['**'] }]);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await cloud.close();
    if (before === undefined) delete process.env['CREDMINT_CONFIG'];
    else process.env['CREDMINT_CONFIG'] = before;
  });

  const configure = (grants: readonly object[]): void => {
    process.env['CREDMINT_CONFIG'] = join(folder, 'credmint.config.json');
    writeFileSync(
      join(folder, 'credmint.config.json'),
      JSON.stringify({
        accounts: { aws: { cloud: 'aws', endpoint: `${cloud.url}/`, key: { id: 'AKID', secret: 'file:key' } } },
        grants,
        leases: {
          demo: { operation: 'AssumeRole', account: 'aws', role, deliver: [{ kind: 'file', path: 'demo.json' }] },
        },
        notify: [{ kind: 'webhook', url: `${cloud.url}/hook`, secret: 'file:key' }],
        audit: { sink: { kind: 'file', path: 'audit.jsonl' } },
      }),
    );
  };
  const opened: { close(): Promise<void> }[] = [];
  const open = () => {
    const refresh = scheduleFunction({ clouds: [awsUpstream] });
    opened.push(refresh);
    return refresh;
  };

  it.each([
    ['EventBridge', scheduled],
    ['a timer of Tencent SCF', timer],
  ])('keeps leases fresh when %s says that it is time', async (_name, event) => {
    const refresh = open();
    const context = { getRemainingTimeInMillis: () => 30_000 };

    expect(await refresh(event, context)).toEqual({ refreshed: 1, failed: 0, skipped: 0, pending: 0 });
    expect(await refresh(event, context)).toEqual({ refreshed: 0, failed: 0, skipped: 0, pending: 0 });
    expect(cloud.calls).toHaveLength(1);
    expect(JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8'))).toMatchObject({ account: 'aws' });
    const lines = readFileSync(join(folder, 'audit.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line)['credmint.operation']).slice(-2)).toEqual([
      'AssumeRole',
      'DeliverLease',
    ]);
  });

  it('posts a signed event if a lease is failing', async () => {
    configure([]);

    expect(await open()(timer, { time_limit_in_ms: 30_000 })).toMatchObject({ refreshed: 0, failed: 1 });
    const [call] = cloud.calls;
    const [, time, proof] = /^t=(\d+),v1=(\w+)$/.exec(String(call?.headers['credmint-signature'])) ?? [];
    expect(proof).toBe(hmacHex(keyOf('the-secret-half-of-the-key-of-the-account'), `${time}.${call?.body}`));
    expect(call?.headers['content-type']).toBe('application/cloudevents+json');
    expect(JSON.parse(call?.body ?? '')).toMatchObject({
      specversion: '1.0',
      type: 'credmint.lease.failing',
      source: 'urn:credmint',
      subject: 'demo',
      data: { lease: 'demo', account: 'aws', failures: 1, code: 'AccessDenied' },
    });
  });

  it.each([[{}], [{ httpMethod: 'GET', path: '/' }], ['now'], [undefined]])('does nothing for %j', async (event) => {
    await expect(handler(event, {})).rejects.toMatchObject({ code: 'InvalidRequest' });
    expect(cloud.calls).toEqual([]);
  });
});

describe('every minute', () => {
  const summary = { refreshed: 0, failed: 0, skipped: 0, pending: 0 };

  it('runs at once and then each minute, however a run ends', async () => {
    const clock = virtualClock();
    const failures: unknown[] = [];
    let runs = 0;
    const going = runEveryMinute(
      async () => {
        if (++runs === 2) throw new Error('The store is down.');
        return summary;
      },
      (thrown) => failures.push(thrown),
      clock,
    );
    await clock.pass(3.5 * minute);
    await going.stop();
    expect([runs, failures.length]).toEqual([4, 1]);
    await clock.pass(minute);
    expect(runs).toBe(4);
  });

  it('is not late if the wall clock is set back while it runs', async () => {
    const clock = virtualClock();
    let runs = 0;
    const going = runEveryMinute(
      async () => {
        if (++runs === 1) clock.jump(-3_600_000);
        return summary;
      },
      () => undefined,
      clock,
    );
    await clock.pass(1.5 * minute);
    await going.stop();
    expect(runs).toBe(2);
  });

  it('ends a run before the next one begins, and ends the current run when it is stopped', async () => {
    const clock = virtualClock();
    const seen: RunLimits[] = [];
    const going = runEveryMinute(
      (limits) => {
        seen.push(limits);
        return new Promise((resolve) => limits.signal.addEventListener('abort', () => resolve(summary)));
      },
      () => undefined,
      clock,
    );
    await clock.pass(49_000);
    expect(seen.map(({ signal }) => signal.aborted)).toEqual([false]);
    await clock.pass(12_000);
    expect(seen.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    await going.stop();
    expect(seen.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });
});
