const seconds = process.env['FUZZ_SECONDS'];

/** How often each property is tried: so many times with all tests, for so many seconds by `npm run fuzz`. */
export const bounds =
  seconds === undefined
    ? { numRuns: 10_000 }
    : { numRuns: 1e9, interruptAfterTimeLimit: Number(seconds) * 1000, markInterruptAsFailure: false };

/** Longer than either takes on a machine that has other things to do. */
export const unhurried = { timeout: (Number(seconds ?? 0) + 120) * 1000 };
