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

  it('lets no address take all of it', async () => {
    const { answer, leaving } = app();
    const gate = bounded(answer, 8);
    const from = (sourceIp: string) => gate.answer({ ...raw, sourceIp }, 1000);
    const greedy = Array.from({ length: 8 }, (_, index) => from(`2001:db8:1:2::${index}`));
    const other = from('2001:db8:1:3::1');
    for (const leave of leaving) leave();
    expect((await Promise.all(greedy)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 503, 503, 503, 503]);
    expect((await other).status).toBe(200);
  });

  it('counts a request as its caller’s once it is proven, and lets no caller take all of it', async () => {
    const leaving: (() => void)[] = [];
    const belonged: (boolean | undefined)[] = [];
    const gate = bounded(async ({ slot, path }) => {
      belonged.push(slot?.belongTo(path));
      if (belonged.at(-1) === true) await new Promise<void>((leave) => leaving.push(leave));
      return { status: 200, headers: {}, body: '' };
    }, 8);
    const by = (path: string) => gate.answer({ ...raw, path, sourceIp: '192.0.2.1' }, 1000);
    const all = Array.from({ length: 6 }, () => by('greedy'));
    all.push(by('modest'));
    expect(belonged).toEqual([true, true, true, true, false, false, true]);
    for (const leave of leaving) leave();
    await Promise.all(all);
    expect([gate.inFlight, gate.refused]).toEqual([0, 2]);
  });
});
