import { Worker } from 'node:worker_threads';
import type { WrittenConfig } from '../config/schema.ts';
import type { Holder, WhoQuestion } from '../diagnostics/prove/who.ts';

/** How long an answer may take, in milliseconds. */
const maxMs = 20_000;

/** Everybody who can have something, or in words why that cannot be said now. */
export type WhoElse = (written: WrittenConfig, question: WhoQuestion) => Promise<readonly Holder[] | string>;

/**
 * Asks the prover in a thread of its own: of many grants it takes some hundred milliseconds, in which the server would
 * answer nobody. One question at a time.
 */
export const whoElse = (): WhoElse => {
  let isBusy = false;
  return async (written, question) => {
    if (isBusy) return 'Another question is being answered; ask again.';
    isBusy = true;
    const worker = new Worker(new URL('./who-else-worker.ts', import.meta.url), { workerData: { written, question } });
    const { promise, resolve } = Promise.withResolvers<readonly Holder[] | string>();
    const timer = setTimeout(() => resolve('It takes too long here: npx credmint prove who answers it.'), maxMs);
    worker.once('message', resolve);
    worker.once('error', () => resolve('It could not be answered: npx credmint prove who says why.'));
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      isBusy = false;
      await worker.terminate();
    }
  };
};
