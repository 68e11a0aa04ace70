import { describe, expect, it } from 'vitest';
import { ClientError } from '../../lib/client/errors.ts';
import { withRetry } from '../../lib/client/retry.ts';
import { virtualClock } from '../support/clock.ts';

const down = (retryAfterSeconds?: number) =>
  new ClientError('unavailable', 'Down', 'It is down.', retryAfterSeconds === undefined ? {} : { retryAfterSeconds });

/** What came of an act that fails so often, after so much time, with what was waited. */
const attempt = async (errors: readonly ClientError[], maxWaitMs = 15_000) => {
  const clock = virtualClock();
  const waits: number[] = [];
  let calls = 0;
  const outcome = withRetry(
    async () => {
      const error = errors[calls++];
      if (error !== undefined) throw error;
      return 'done';
    },
    { clock, maxWaitMs, onWait: (_, waitMs) => waits.push(waitMs) },
  ).catch((thrown: unknown) => thrown);
  await clock.pass(60_000);
  return { outcome: await outcome, calls, waits };
};

describe('what is not there now', () => {
  it('is asked for again until it is, with longer and longer pauses', async () => {
    const { outcome, waits } = await attempt([down(), down(), down()]);

    expect(outcome).toBe('done');
    expect(waits).toHaveLength(3);
    expect([...waits].sort((one, other) => one - other)).toEqual(waits);
  });

  it('is given up when the time is over', async () => {
    const { outcome, calls } = await attempt(Array.from({ length: 100 }, () => down()));

    expect(outcome).toMatchObject({ code: 'Down' });
    expect(calls).toBeGreaterThan(3);
    expect(calls).toBeLessThan(10);
  });

  it('is asked for again when it says, and given up at once if that is too late', async () => {
    expect(await attempt([down(9)])).toMatchObject({ outcome: 'done', waits: [9_000] });
    expect(await attempt([down(90)])).toMatchObject({ outcome: { code: 'Down' }, calls: 1 });
  });

  it('is not what was refused', async () => {
    expect(await attempt([new ClientError('refused', 'No', 'No.')])).toMatchObject({
      outcome: { code: 'No' },
      calls: 1,
    });
  });
});
