import { describe, expect, it } from 'vitest';
import { readiness } from '../../lib/app/ready.ts';
import type { Store } from '../../lib/core/store.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { virtualClock } from '../support/clock.ts';

const raw = { method: 'GET', path: '/ready', query: '', headers: {}, body: new Uint8Array() };

const open = () => {
  const clock = virtualClock();
  const state = { down: false, puts: 0, takesRecords: true, open: false };
  const memory = memoryStore(clock.now);
  const store: Store = {
    ...memory,
    put: async (...all) => {
      state.puts++;
      return state.down ? false : memory.put(...all);
    },
  };
  const ready = readiness({
    store,
    takesRecords: () => state.takesRecords,
    openCircuits: () =>
      new Map([
        ['prod', state.open],
        ['test', false],
      ]),
    clock,
  });
  const ask = async () => {
    const { status, body } = await ready.answer(raw, 1000);
    return [status, JSON.parse(body)];
  };
  return { clock, state, ready, ask };
};

describe('/ready', () => {
  it('is ready', async () => {
    expect(await open().ask()).toEqual([200, { status: 'ready', degraded: [] }]);
  });

  it('names a store and a cloud that are down, and is ready all the same', async () => {
    const { state, ask } = open();
    state.down = true;
    state.open = true;
    expect(await ask()).toEqual([200, { status: 'ready', degraded: ['store', 'account prod'] }]);
  });

  it('is not ready while the audit trail takes nothing', async () => {
    const { state, ask } = open();
    state.takesRecords = false;
    expect(await ask()).toEqual([503, { status: 'not ready', degraded: ['audit'] }]);
    state.takesRecords = true;
    expect(await ask()).toEqual([200, { status: 'ready', degraded: [] }]);
  });

  it('asks the store once a second at most, however often it is asked, and whatever the wall clock does', async () => {
    const { clock, state, ask } = open();
    for (let count = 0; count < 100; count++) await ask();
    expect(state.puts).toBe(1);
    clock.jump(-3_600_000);
    await clock.pass(1_000);
    state.down = true;
    expect(await ask()).toEqual([200, { status: 'ready', degraded: ['store'] }]);
  });

  it('is not ready once it leaves', async () => {
    const { ready, ask } = open();
    ready.leave();
    expect(await ask()).toEqual([503, { status: 'leaving', degraded: [] }]);
  });
});
