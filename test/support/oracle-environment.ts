import { afterAll, beforeAll, vi } from 'vitest';

/**
 * The vendors' helpers draw a nonce from as few as 10,000 numbers, and two alike in one second are a replay. In a file
 * that calls this, chance is spread evenly instead, so that no two are alike.
 */
export const neverTwice = (): void => {
  let turn = 0;
  beforeAll(() => {
    vi.spyOn(Math, 'random').mockImplementation(() => (++turn * 0.6180339887498949) % 1);
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });
};

/** The vendors' clients look for a proxy in the environment, some of them even on the way to 127.0.0.1. */
export const unproxied = (): void => {
  beforeAll(() => {
    vi.stubEnv('http_proxy', '');
    vi.stubEnv('NO_PROXY', '*');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });
};

/** Both clocks, ours and the service's, this much later; `vi.useRealTimers` ends it. */
export const later = (milliseconds: number): void => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
};

/** Clocks that stand still and chance that repeats itself: whoever signs the same now, signs it by the same nonce. */
export const frozen = async <Result>(act: () => Promise<Result>): Promise<Result> => {
  later(0);
  const chance = Math.random();
  const spread = vi.mocked(Math.random).getMockImplementation() ?? Math.random;
  vi.mocked(Math.random).mockImplementation(() => chance);
  try {
    return await act();
  } finally {
    vi.mocked(Math.random).mockImplementation(spread);
    vi.useRealTimers();
  }
};
