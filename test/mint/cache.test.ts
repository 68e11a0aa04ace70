import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import { cache } from '../../lib/mint/cache.ts';
import { mintLocally } from '../../lib/mint/obtain.ts';
import type { Source } from '../../lib/mint/source.ts';
import { virtualClock } from '../support/clock.ts';
import { credentialsOf, forever, requestOf } from '../support/requests.ts';

interface Changes {
  readonly seconds?: number;
  readonly milliseconds?: number;
  readonly shareable?: boolean;
  readonly maxEntries?: number;
}

/** A cache before a cloud that counts its calls, and can be made to fail. */
const kept = ({ seconds = 3600, milliseconds = 0, shareable = false, maxEntries = 100 }: Changes = {}) => {
  const clock = virtualClock();
  const configured = { fingerprint: 'first' };
  const cloud = { calls: 0, inFlight: 0, most: 0, failing: undefined as StsError | undefined };
  const source: Source = async () => {
    const number = ++cloud.calls;
    cloud.most = Math.max(cloud.most, ++cloud.inFlight);
    if (milliseconds > 0) await clock.sleep(milliseconds);
    cloud.inFlight--;
    if (cloud.failing !== undefined) throw cloud.failing;
    return credentialsOf(number, clock.now(), seconds);
  };
  const room = cache(source, source, mintLocally(clock), clock, {
    maxEntries,
    shareable: () => shareable,
    fingerprint: () => configured.fingerprint,
    deadline: () => forever,
  });
  return {
    clock,
    cloud,
    configured,
    room,
    ask: (changes: object = {}) => room.credentials(requestOf(changes), forever),
  };
};

describe('the cache', () => {
  it('asks the cloud once for equal requests', async () => {
    const { cloud, ask } = kept();
    expect((await ask()).accessKeyId).toBe((await ask()).accessKeyId);
    expect(cloud.calls).toBe(1);
  });

  it('gives out nothing that is over by the monotonic clock, if the wall clock was set back', async () => {
    const { clock, cloud, ask } = kept();
    await ask();
    clock.jump(-3_600_000);
    await clock.pass(53 * 60_000);
    expect((await ask()).accessKeyId).not.toBe('ASIA3');
    await clock.pass(2 * 60_000);
    const { accessKeyId } = await ask();
    expect(cloud.calls).toBe(Number(accessKeyId.slice(4)));
    expect(cloud.calls).toBeGreaterThan(1);
  });

  it('keeps what it minted while the wall clock was behind no longer than was asked for', async () => {
    const clock = virtualClock();
    let calls = 0;
    // The cloud's time is right.
    const source: Source = async () => credentialsOf(++calls, new Date(clock.now().getTime() + 3_600_000));
    const never: Source = () => Promise.reject(new StsError('CloudUnavailable'));
    const { credentials } = cache(source, never, mintLocally(clock), clock, {
      maxEntries: 10,
      shareable: () => false,
      fingerprint: () => '',
      deadline: () => forever,
    });
    clock.jump(-3_600_000);
    await credentials(requestOf(), forever);
    await clock.pass(50 * 60_000);
    expect((await credentials(requestOf(), forever)).accessKeyId).toBe('ASIA1');
    await clock.pass(5 * 60_000);
    expect((await credentials(requestOf(), forever)).accessKeyId).toBe('ASIA2');
  });

  it('answers equal requests at the same time with one mint', async () => {
    const { clock, cloud, ask } = kept({ milliseconds: 100 });
    const all = Promise.all(Array.from({ length: 1000 }, () => ask()));
    await clock.pass(100);
    expect(new Set((await all).map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(['ASIA1']));
    expect(cloud.calls).toBe(1);
  });

  it.each([
    ['caller', { caller: { name: 'other', proof: 'accessKey' } }],
    ['subject of a token', { caller: { name: 'ci', proof: 'jwt', subject: { issuer: 'i', name: 'other' } } }],
    ['session', { caller: { name: 'ci', proof: 'session', session: { accessKeyId: 'ASIAOTHER' } } }],
    ['grant', { grant: 'other' }],
    ['account', { account: 'other' }],
    ['role', { role: 'arn:aws:iam::123456789012:role/other' }],
    ['session name', { sessionName: 'other' }],
    ['duration', { durationSeconds: 900 }],
    ['policy', { policy: '{}' }],
    ['policy of the grant', { grantPolicy: '{}' }],
    ['external id', { externalId: 'other' }],
    ['tag', { tags: [{ key: 'a', value: 'b' }] }],
    ['source identity', { sourceIdentity: 'other' }],
    ['operation', { operation: 'GetFederationToken', name: 'me' }],
  ])('never answers with what was minted for another %s', async (_, changes) => {
    const { cloud, ask } = kept();
    const mine = await ask();
    expect((await ask(changes)).accessKeyId).not.toBe(mine.accessKeyId);
    expect(cloud.calls).toBe(2);
  });

  const minted = async (...askers: readonly object[]) => {
    const { ask } = kept();
    const keys: string[] = [];
    for (const asker of askers) keys.push((await ask(asker)).accessKeyId);
    return keys;
  };
  const proven = (issuer: string, name: string, claims: object = {}) => ({
    caller: {
      name: 'ci',
      proof: 'jwt' as const,
      claims: { iss: issuer, sub: name, ...claims },
      subject: { issuer, name },
    },
  });
  const said = (claims: object) => ({ caller: { name: 'web', proof: 'gateway' as const, claims } });

  it('tells the users of a gateway apart by all of their claims if none is proven to be a subject', async () => {
    const [ann, bob, again] = await minted(
      said({ sub: 'user', userId: 'ann' }),
      said({ sub: 'user', userId: 'bob' }),
      said({ sub: 'user', userId: 'ann' }),
    );
    expect(bob).not.toBe(ann);
    expect(again).toBe(ann);
  });

  it('tells the subjects of tokens apart by name and by issuer', async () => {
    expect(new Set(await minted(proven('a', 'x'), proven('a', 'y'), proven('b', 'x'))).size).toBe(3);
  });

  it('answers one subject with what it has, whatever else its next token says', async () => {
    const [first, second] = await minted(proven('a', 'x', { jti: '1' }), proven('a', 'x', { jti: '2' }));
    expect(second).toBe(first);
  });

  it('tells one subject apart by the claims that the grant looks at', async () => {
    const [main, other] = await minted(
      { ...proven('a', 'x'), claimsUsed: { ref: ['main'] } },
      { ...proven('a', 'x'), claimsUsed: { ref: ['other'] } },
    );
    expect(other).not.toBe(main);
  });

  it('never answers with what was minted by the account as it was configured before', async () => {
    const { ask, configured, cloud } = kept({ shareable: true });
    await ask();
    configured.fingerprint = 'second';
    await ask();
    expect(cloud.calls).toBe(2);
  });

  it('shares between the callers of a grant only if the grant says so', async () => {
    const { cloud, ask } = kept({ shareable: true });
    await ask();
    await ask({ caller: { name: 'other', proof: 'accessKey' } });
    expect(cloud.calls).toBe(1);
    await ask({ grant: 'other' });
    expect(cloud.calls).toBe(2);
  });

  it('does not keep credentials that were minted with the code of a second factor', async () => {
    const { cloud, ask } = kept();
    await ask({ tokenCode: '123456' });
    await ask({ tokenCode: '123456' });
    expect(cloud.calls).toBe(2);
  });

  it('gives out nothing within the margin before its expiration', async () => {
    const { clock, cloud, ask } = kept({ seconds: 3600 });
    await ask();
    cloud.failing = new StsError('CloudUnavailable');
    await clock.pass(3600_000 - 360_000 - 1);
    expect((await ask()).accessKeyId).toBe('ASIA1');
    await clock.pass(1);
    await expect(ask()).rejects.toMatchObject({ code: 'CloudUnavailable' });
  });

  it('has a margin of at least a minute', async () => {
    const { clock, cloud, ask } = kept({ seconds: 300 });
    await ask();
    cloud.failing = new StsError('CloudUnavailable');
    await clock.pass(239_999);
    await ask();
    await clock.pass(1);
    await expect(ask()).rejects.toMatchObject({ code: 'CloudUnavailable' });
  });

  it('answers with credentials that are shorter than the margin, and does not keep them', async () => {
    const { cloud, ask } = kept({ seconds: 30 });
    expect((await ask()).accessKeyId).toBe('ASIA1');
    expect((await ask()).accessKeyId).toBe('ASIA2');
    expect(cloud.calls).toBe(2);
  });

  it('mints again for a caller that needs more time than is left', async () => {
    const { clock, ask } = kept();
    await ask();
    await clock.pass(1000_000);
    expect((await ask({ minimumRemainingSeconds: 2600 })).accessKeyId).toBe('ASIA1');
    expect((await ask({ minimumRemainingSeconds: 2601 })).accessKeyId).toBe('ASIA2');
    expect((await ask()).accessKeyId).toBe('ASIA2');
  });

  it('refreshes once when asked late in a life, without making the caller wait', async () => {
    const { clock, cloud, ask } = kept({ milliseconds: 100 });
    const first = ask();
    await clock.pass(100);
    await first;
    await clock.pass(3600_000 * 0.9 * 0.9);
    expect((await Promise.all([ask(), ask(), ask()])).map(({ accessKeyId }) => accessKeyId)).toEqual([
      'ASIA1',
      'ASIA1',
      'ASIA1',
    ]);
    await clock.pass(100);
    expect((await ask()).accessKeyId).toBe('ASIA2');
    expect(cloud.calls).toBe(2);
  });

  it('does not refresh what is not asked for', async () => {
    const { clock, cloud, ask } = kept();
    await ask();
    await clock.pass(24 * 3600_000);
    expect(cloud.calls).toBe(1);
  });

  it('serves what it could not refresh until it ends, and does not ask the cloud each time', async () => {
    const { clock, cloud, ask } = kept();
    await ask();
    cloud.failing = new StsError('CloudUnavailable');
    await clock.pass(3600_000 * 0.9 * 0.9);
    for (let turn = 0; turn < 100; turn++) {
      expect((await ask()).accessKeyId).toBe('ASIA1');
      await clock.pass(100);
    }
    expect(cloud.calls).toBe(2);
  });

  it('spreads the refreshes of what was minted at the same time', async () => {
    const { clock, cloud, ask } = kept();
    const names = Array.from({ length: 50 }, (_, index) => ({ sessionName: `me-${index}` }));
    await Promise.all(names.map(ask));
    const perStep: number[] = [];
    for (let step = 0; step < 20; step++) {
      const before = cloud.calls;
      await Promise.all(names.map(ask));
      await clock.settle();
      perStep.push(cloud.calls - before);
      await clock.pass((3600_000 * 0.9) / 20);
    }
    expect(Math.max(...perStep)).toBeLessThan(25);
    expect(perStep.filter((count) => count > 0).length).toBeGreaterThan(3);
  });

  it('keeps a refusal of the cloud itself for a moment', async () => {
    const { clock, cloud, ask } = kept();
    cloud.failing = new StsError('AccessDenied', undefined, { upstream: { status: 403, code: 'AccessDenied' } });
    for (let turn = 0; turn < 10; turn++) await expect(ask()).rejects.toMatchObject({ code: 'AccessDenied' });
    expect(cloud.calls).toBe(1);
    cloud.failing = undefined;
    await clock.pass(5_000);
    expect((await ask()).accessKeyId).toBe('ASIA2');
  });

  it('does not keep a failure that may pass', async () => {
    const { cloud, ask } = kept();
    cloud.failing = new StsError('CloudUnavailable', undefined, { upstream: { status: 503 } });
    await expect(ask()).rejects.toMatchObject({ code: 'CloudUnavailable' });
    cloud.failing = undefined;
    expect((await ask()).accessKeyId).toBe('ASIA2');
  });

  it('does not fail the other callers when the first of them gives up', async () => {
    const { clock, cloud, room } = kept({ milliseconds: 100 });
    const impatient = new AbortController();
    const first = room.credentials(requestOf(), impatient);
    const second = room.credentials(requestOf(), forever);
    impatient.abort();
    await expect(first).rejects.toMatchObject({ code: 'CloudUnavailable' });
    await clock.pass(100);
    expect((await second).accessKeyId).toBe('ASIA1');
    expect(cloud.calls).toBe(1);
  });

  it('keeps no more entries than configured', async () => {
    const { cloud, ask } = kept({ maxEntries: 10 });
    for (let index = 0; index < 20; index++) await ask({ sessionName: `me-${index}` });
    await ask({ sessionName: 'me-19' });
    expect(cloud.calls).toBe(20);
    await ask({ sessionName: 'me-0' });
    expect(cloud.calls).toBe(21);
  });

  it('is never wrong, whatever is asked when: not expired, not another’s, never two calls for one request', async () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('ask' as const),
        name: fc.integer({ min: 0, max: 2 }),
        caller: fc.integer({ min: 0, max: 1 }),
      }),
      fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 2000 }) }),
      fc.record({ kind: fc.constant('fail' as const), failing: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.constantFrom(120, 900, 3600), async (steps, seconds) => {
        const clock = virtualClock();
        const flying = new Map<string, number>();
        let failing = false;
        const source: Source = async (request) => {
          const question = `${request.caller.name} ${'sessionName' in request ? request.sessionName : ''}`;
          flying.set(question, (flying.get(question) ?? 0) + 1);
          expect(flying.get(question)).toBe(1);
          await clock.sleep(50);
          flying.set(question, 0);
          if (failing) throw new StsError('CloudUnavailable');
          return { ...credentialsOf(1, clock.now(), seconds), accessKeyId: question };
        };
        const room = cache(source, source, mintLocally(clock), clock, {
          maxEntries: 2,
          shareable: () => false,
          fingerprint: () => 'same',
          deadline: () => forever,
        });
        for (const one of steps) {
          if (one.kind === 'pass') await clock.pass(one.seconds * 1000);
          else if (one.kind === 'fail') failing = one.failing;
          else {
            const request = requestOf({
              sessionName: `s${one.name}`,
              caller: { name: `c${one.caller}`, proof: 'accessKey' },
            });
            const asking = room.credentials(request, forever).then(
              (credentials) => {
                expect(credentials.accessKeyId).toBe(`c${one.caller} s${one.name}`);
                expect(credentials.expiration.getTime()).toBeGreaterThan(clock.now().getTime());
              },
              (thrown) => expect(thrown).toBeInstanceOf(StsError),
            );
            await clock.pass(60);
            await asking;
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
