import { describe, expect, it } from 'vitest';
import { readiness } from '../../lib/app/ready.ts';
import type { Store } from '../../lib/core/store.ts';
import { memoryStore } from '../../lib/stores/memory.ts';

const raw = { method: 'GET', path: '/ready', query: '', headers: {}, body: new Uint8Array() };

const open = () => {
  const clock = { at: Date.parse('2026-11-22T12:00:00Z') };
  const now = (): Date => new Date(clock.at);
  const state = { down: false, puts: 0 };
  const memory = memoryStore(now);
  const store: Store = {
    ...memory,
    put: async (...all) => {
      state.puts++;
      return state.down ? false : memory.put(...all);
    },
  };
  const ready = readiness(store, now);
  const ask = async () => {
    const { status, body } = await ready.answer(raw, 1000);
    return [status, JSON.parse(body)];
  };
  return { clock, state, ready, ask };
};

describe('/ready', () => {
  it('is ready', async () => {
    expect(await open().ask()).toEqual([200, { status: 'ready', store: 'ok' }]);
  });

  it('says that the store is down, and is ready all the same', async () => {
    const { state, ask } = open();
    state.down = true;
    expect(await ask()).toEqual([200, { status: 'ready', store: 'degraded' }]);
  });

  it('asks the store once a second at most, however often it is asked', async () => {
    const { clock, state, ask } = open();
    for (let count = 0; count < 100; count++) await ask();
    expect(state.puts).toBe(1);
    clock.at += 1_000;
    state.down = true;
    expect(await ask()).toEqual([200, { status: 'ready', store: 'degraded' }]);
  });

  it('is not ready once it leaves', async () => {
    const { ready, ask } = open();
    ready.leave();
    expect(await ask()).toEqual([503, { status: 'leaving', store: 'ok' }]);
  });
});
