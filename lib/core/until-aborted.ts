import { StsError } from './errors.ts';

/** Waits for a shared result until the signal is aborted, then rejects with `CloudUnavailable`. The work goes on for the others. */
export const untilAborted = <Value>(
  shared: Promise<Value>,
  { signal }: { readonly signal: AbortSignal },
): Promise<Value> =>
  new Promise((resolve, reject) => {
    const leave = (): void => reject(new StsError('CloudUnavailable', 'The cloud did not answer in time.'));
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
