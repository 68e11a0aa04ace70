import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { clouds, spec } from '../../functions/sts.ts';
import { processDeps } from '../../lib/app/process-deps.ts';
import { sleep } from '../../lib/app/sleep.ts';
import { unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { FaultSettings } from '../../lib/laptop/faults/fault-settings.ts';
import { type FaultyResponse, injectFaults } from '../../lib/laptop/faults/inject-faults.ts';
import { readFaults } from '../../lib/laptop/faults/read-faults.ts';
import { type Laptop, openLaptop } from '../../lib/laptop/laptop.ts';
import type { Answerer } from '../../lib/platform/answer.ts';
import { createApp } from '../support/app.ts';
import { virtualClock } from '../support/clock.ts';

const settingsOf = (text: string): FaultSettings => {
  const settings = readFaults(text);
  if ('length' in settings) throw new Error(settings.join('\n'));
  return settings;
};

const raw = { method: 'GET', path: '/', query: '', headers: {}, body: new Uint8Array() };
const well: Answerer = async ({ fault }) => ({
  status: fault === undefined ? 200 : 400,
  headers: {},
  body: fault?.code ?? 'well',
});

const nameOf = ({ breaks, body }: FaultyResponse): string => breaks ?? (body.startsWith('<html') ? 'page' : body);

/** What so many requests meet, one after the other. */
const schedule = async (text: string, count: number): Promise<string[]> => {
  const answer = injectFaults(settingsOf(text), virtualClock()).answer(well);
  const met: string[] = [];
  for (let index = 0; index < count; index++) met.push(nameOf(await answer(raw, 1000)));
  return met;
};

describe('a schedule of faults', () => {
  const all = 'reset=0.1,cut=0.1,wrongType=0.1';

  it('is the same for the same seed', async () => {
    expect(await schedule(`${all},seed=7`, 200)).toEqual(await schedule(`${all},seed=7`, 200));
    expect(await schedule(`${all},seed=7`, 200)).not.toEqual(await schedule(`${all},seed=8`, 200));
  });

  it('has about the shares that were asked for', async () => {
    const met = await schedule(all, 3000);
    for (const fault of ['reset', 'cut', 'page']) {
      const share = met.filter((one) => one === fault).length / met.length;
      expect(share).toBeGreaterThan(0.05);
      expect(share).toBeLessThan(0.15);
    }
  });

  it('keeps the other faults when one is added', async () => {
    const alone = await schedule('cut=0.2', 300);
    const both = await schedule('cut=0.2,reset=0.2', 300);
    for (const [index, fault] of both.entries()) if (fault !== 'reset') expect(fault).toBe(alone[index]);
  });

  it('throttles by rate', async () => {
    const clock = virtualClock();
    const answer = injectFaults(settingsOf('throttle=3'), clock).answer(well);
    const second = async () => {
      const said = await Promise.all(Array.from({ length: 5 }, () => answer(raw, 1000)));
      return said.map(({ body }) => body);
    };
    expect(await second()).toEqual(['well', 'well', 'well', 'Throttled', 'Throttled']);
    await clock.pass(1000);
    expect((await second())[0]).toBe('well');
  });

  it('knows no key during a rotation', async () => {
    const clock = virtualClock();
    const answer = injectFaults(settingsOf('rotation.everySeconds=60,rotation.lastsSeconds=5'), clock).answer(well);
    const said: string[] = [];
    for (let step = 0; step < 26; step++) {
      said.push((await answer(raw, 1000)).body);
      await clock.pass(5_000);
    }
    expect(said.map((body, index) => (body === 'UnknownKey' ? index * 5 : -1)).filter((at) => at >= 0)).toEqual([
      60, 120,
    ]);
  });
});

describe('faults on a command line', () => {
  it('are read in a short form', () => {
    expect(settingsOf('throttle=5,latency=200,latency.share=0.5,odd=nanoseconds+s3Errors')).toMatchObject({
      throttle: { perSecond: 5 },
      latency: { milliseconds: 200, spread: 0, share: 0.5 },
      odd: ['nanoseconds', 's3Errors'],
    });
  });

  it.each([
    ['reset=2', /^reset: /],
    ['reset=often', /^reset: /],
    ['odd=nonsense', /^odd\.0: /],
    ['nonsense=1', /^nonsense: is not known here$/],
    ['{', /must be/],
  ])('are refused if they are not valid: %s', (text, why) => {
    expect(readFaults(text)).toEqual([expect.stringMatching(why)]);
  });
});

/** Pauses between attempts take no time; what a call may take is waited for. */
const soon: typeof sleep = (milliseconds, signal) =>
  milliseconds < 3_000 ? Promise.resolve() : sleep(milliseconds, signal);

describe('credmint before an authority that misbehaves', () => {
  let laptop: Laptop | undefined;
  let folder = '';

  afterEach(async () => {
    laptop?.server.closeAllConnections();
    laptop?.server.close();
    await laptop?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** credmint with the account `aws` at that authority, over HTTP. */
  const open = async (text: string) => {
    folder = mkdtempSync(join(tmpdir(), 'credmint-faults-'));
    const deps = { ...processDeps(), audit: unlimitedAuditLog(async () => undefined) };
    const faults = injectFaults(settingsOf(text), { now: deps.now, sleep });
    const place = { folder, host: '127.0.0.1', port: 0 };
    laptop = await openLaptop(faults.spec(spec), clouds, place, { ...deps, now: faults.now }, faults);
    const { url, accessKey, roles } = laptop.access;
    const aws = { cloud: 'aws', endpoint: `${url}/`, key: { id: accessKey.id, secret: 'env:KEY' } };
    const app = createApp({
      config: { accounts: { aws } },
      environment: { KEY: accessKey.secret },
      deps: { sleep: soon },
      startsAt: new Date(),
    });
    return (name: string) => app.ask('/assumeRole', { roleArn: roles['aws'], roleSessionName: name });
  };

  it.each([
    ['throttle=0', 'Throttled'],
    ['reset=1', 'CloudUnavailable'],
    ['cut=1', 'CloudUnavailable'],
    ['wrongType=1', 'CloudUnintelligible'],
    ['empty=1', 'CloudUnintelligible'],
  ])('says what it was: %s is %s', async (text, code) => {
    const ask = await open(text);
    expect((await ask('me')).body.code).toBe(code);
  });

  it.each(['odd=nanoseconds', 'odd=AssumeRoleId', 'odd=noRequestId', 'skewSeconds=3600', 'latency=20'])(
    'tolerates it: %s',
    async (text) => {
      const ask = await open(text);
      const { status, body } = await ask('me');
      expect(status).toBe(200);
      expect(Object.values(body.credentials).every((part) => part !== '')).toBe(true);
    },
  );

  it('tolerates a clock that is behind, and remembers by how much', async () => {
    const ask = await open('skewSeconds=-3600');
    // Credentials that end an hour from an hour ago have ended, by our clock.
    expect((await ask('me')).body.code ?? 'Done').toMatch(/^(Done|CloudUnintelligible)$/);
  });

  it('understands an S3-style error', async () => {
    const ask = await open('odd=s3Errors,throttle=0');
    expect((await ask('me')).body.code).toBe('Throttled');
  });

  it('gives out credentials that end early for as long as they are valid', async () => {
    const ask = await open('expireAfterSeconds=30');
    const [one, other] = [await ask('me'), await ask('me')];
    expect([one.status, other.status]).toEqual([200, 200]);
    // Shorter than the margin, so each is minted for who asked.
    expect(one.body.credentials.accessKeyId).not.toBe(other.body.credentials.accessKeyId);
  });

  it('gives out whole credentials or says why not, whatever happens at once', async () => {
    const ask = await open('seed=3,reset=0.1,cut=0.1,wrongType=0.1,empty=0.1,throttle=200,odd=nanoseconds+noRequestId');
    let minted = 0;
    for (let index = 0; index < 60; index++) {
      const { status, body } = await ask(`run-${index}`);
      if (status === 200) {
        minted++;
        const { accessKeyId, secretAccessKey, sessionToken, expiration } = body.credentials;
        expect([accessKeyId, secretAccessKey, sessionToken].every((part) => part.length > 10)).toBe(true);
        expect(Date.parse(expiration)).toBeGreaterThan(Date.now());
      } else expect(['Throttled', 'CloudUnavailable', 'CloudUnintelligible']).toContain(body.code);
    }
    expect(minted).toBeGreaterThan(20);
  });
});
