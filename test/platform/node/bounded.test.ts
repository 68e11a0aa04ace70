import { describe, expect, it } from 'vitest';
import type { Answerer } from '../../../lib/platform/answer.ts';
import { bounded } from '../../../lib/platform/node/bounded.ts';
import type { RawRequest } from '../../../lib/platform/raw-request.ts';

const raw: RawRequest = { method: 'GET', path: '/', query: '', headers: {}, body: new Uint8Array() };

/** An answerer that holds every request without a fault until the test releases it. */
const app = () => {
  const leaving: (() => void)[] = [];
  const answer: Answerer = async ({ fault }) => {
    if (fault === undefined) await new Promise<void>((leave) => leaving.push(leave));
    return { status: fault === undefined ? 200 : 503, headers: {}, body: fault?.code ?? '' };
  };
  return { answer, leaving };
};

describe('the bound on what is under way', () => {
  it('turns away a request above the limit, with a fault that its dialect can render', async () => {
    const { answer, leaving } = app();
    const gate = bounded(answer, 2);
    const inside = [gate.answer(raw, 1000), gate.answer(raw, 1000)];
    expect(await gate.answer(raw, 1000)).toMatchObject({ status: 503, body: 'Unavailable' });
    expect([gate.inFlight, gate.refused]).toEqual([2, 1]);
    for (const leave of leaving) leave();
    expect((await Promise.all(inside)).map(({ status }) => status)).toEqual([200, 200]);
    expect(gate.inFlight).toBe(0);
  });

  it('counts a failed request as finished', async () => {
    const gate = bounded(async () => {
      throw new Error();
    }, 1);
    await expect(gate.answer(raw, 1000)).rejects.toThrow();
    expect(gate.inFlight).toBe(0);
  });
});
