const seconds = process.env['FUZZ_SECONDS'];

/** How often a property is tried: so many times with all tests, for so many seconds by `npm run fuzz`. */
export const boundsOf = (numRuns: number) =>
  seconds === undefined
    ? { numRuns }
    : { numRuns: 1e9, interruptAfterTimeLimit: Number(seconds) * 1000, markInterruptAsFailure: false };

export const bounds = boundsOf(10_000);

/** Longer than any takes on a machine that has other things to do. */
export const unhurried = { timeout: (Number(seconds ?? 0) + 120) * 1000 };
