import type { Clock } from '../core/clock.ts';

/** The factor for an account's ceiling: halved after each refusal of the cloud, a tenth more each second. */
export const adaptiveLimit = (clock: Pick<Clock, 'monotonicMs'>) => {
  const slowed = new Map<string, { factor: number; at: number }>();
  const factor = (account: string): number => {
    const state = slowed.get(account);
    if (state === undefined) return 1;
    const recovered = state.factor + (0.1 * (clock.monotonicMs() - state.at)) / 1000;
    if (recovered >= 1) slowed.delete(account);
    return Math.min(1, recovered);
  };
  return {
    factor,
    slow: (account: string): void => {
      slowed.set(account, { factor: Math.max(0.1, factor(account) / 2), at: clock.monotonicMs() });
    },
  };
};
