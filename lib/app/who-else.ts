import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { WrittenConfig } from '../config/schema.ts';
import type { Holder, WhoQuestion } from '../diagnostics/prove/who.ts';

/** How long an answer may take, in milliseconds. */
const maxMs = 60_000;

/** Everybody who can have something, or in words why that cannot be said now. */
export interface WhoElse {
  ask(written: WrittenConfig, question: WhoQuestion): Promise<readonly Holder[] | string>;
  close(): void;
}

/**
 * Asks the prover in a thread of its own: of many grants it takes some hundred milliseconds, in which the server would
 * answer nobody. One question at a time. The thread is begun by the first question and kept for the next.
 */
export const whoElse = (): WhoElse => {
  let kept: Worker | undefined;
  let isBusy = false;
  const end = (): void => {
    void kept?.terminate();
    kept = undefined;
  };
  const answerOf = async (worker: Worker): Promise<readonly Holder[] | string> => {
    try {
      const [found] = await once(worker, 'message', { signal: AbortSignal.timeout(maxMs) });
      return found as readonly Holder[];
    } catch (thrown) {
      end();
      return (thrown as Error).name === 'AbortError'
        ? 'It takes too long here: npx credmint prove who answers it.'
        : 'It could not be answered: npx credmint prove who says why.';
    }
  };
  return {
    ask: async (written, question) => {
      if (isBusy) return 'Another question is being answered; ask again.';
      isBusy = true;
      try {
        kept ??= new Worker(new URL('./who-else-worker.ts', import.meta.url));
        kept.unref();
        const answer = answerOf(kept);
        kept.postMessage({ written, question });
        return await answer;
      } finally {
        isBusy = false;
      }
    },
    close: end,
  };
};
