import { describe, expect, it } from 'vitest';
import { ClientError } from '../../lib/client/errors.ts';
import { createRenewal } from '../../lib/client/renewal.ts';
import { mintedOf, noDeadline } from '../support/client.ts';
import { virtualClock } from '../support/clock.ts';

const hour = 3_600_000;

const renewalOf = (validForMs = hour, seed = 1) => {
  const clock = virtualClock(undefined, seed);
  const state = { mints: 0, isDown: false, failures: 0 };
  const renewal = createRenewal({
    clock,
    attemptSignal: noDeadline,
    onFailure: () => state.failures++,
    mint: async () => {
      if (state.isDown) throw new ClientError('unavailable', 'Down', 'It is down.');
      return mintedOf(++state.mints, clock.now(), validForMs);
    },
  });
  const stop = new AbortController();
  return { clock, state, renewal, run: () => renewal.run(stop.signal), stop };
};

const idOf = async ({ renewal }: ReturnType<typeof renewalOf>) => (await renewal.current()).credentials.accessKeyId;

describe('credentials that are kept fresh', () => {
  it('are minted once for all who ask at once', async () => {
    const kept = renewalOf();

    expect(await Promise.all([idOf(kept), idOf(kept), idOf(kept)])).toEqual(['ASIA1', 'ASIA1', 'ASIA1']);
    expect(kept.state.mints).toBe(1);
  });

  it('are renewed at two thirds of their life, before whoever uses them notices', async () => {
    const kept = renewalOf();
    await kept.renewal.current();
    const running = kept.run();
    await kept.clock.pass(hour * 0.56);
    expect(await idOf(kept)).toBe('ASIA1');
    await kept.clock.pass(hour * 0.12);
    expect(await idOf(kept)).toBe('ASIA2');
    await kept.clock.pass(24 * hour);
    expect(kept.state.mints).toBeGreaterThan(36);
    expect(kept.state.mints).toBeLessThan(44);
    kept.stop.abort();
    await running;
  });

  it('are renewed at two thirds of their life by being asked for, too, without anybody’s waiting', async () => {
    const kept = renewalOf();
    await kept.renewal.current();
    await kept.clock.pass(hour * 0.7);
    expect(await idOf(kept)).toBe('ASIA1');
    await kept.clock.settle();
    expect(await idOf(kept)).toBe('ASIA2');
  });

  it('are renewed by each process at a moment of its own', async () => {
    const moments = new Set<number>();
    for (const seed of [1, 1e9, 2e9, 3e9]) {
      const kept = renewalOf(hour, seed);
      await kept.renewal.current();
      const running = kept.run();
      while (kept.state.mints < 2) await kept.clock.pass(10_000);
      moments.add(kept.clock.now().getTime());
      kept.stop.abort();
      await running;
    }
    expect(moments.size).toBeGreaterThan(1);
  });

  it('are served through an outage of the server while they are valid, and not for longer', async () => {
    const kept = renewalOf();
    await kept.renewal.current();
    const running = kept.run();
    kept.state.isDown = true;
    await kept.clock.pass(hour - 10_000);
    expect(await idOf(kept)).toBe('ASIA1');
    expect(kept.state.failures).toBeGreaterThan(10);
    await kept.clock.pass(10_000);
    await expect(idOf(kept)).rejects.toMatchObject({ code: 'Down' });

    kept.state.isDown = false;
    await kept.clock.pass(10_000);
    expect(await idOf(kept)).toBe('ASIA2');
    kept.stop.abort();
    await running;
  });

  it('are served to their last second if the server is down just then', async () => {
    const kept = renewalOf();
    await kept.renewal.current();
    kept.state.isDown = true;
    await kept.clock.pass(hour - 1_000);

    expect(await idOf(kept)).toBe('ASIA1');
  });

  it('are not asked for without end if what comes is over already', async () => {
    const kept = renewalOf(0);
    const running = kept.run();
    await kept.clock.pass(10_000);
    kept.stop.abort();
    await running;

    expect(kept.state.mints).toBeLessThanOrEqual(11);
  });
});
