import type { EventEmitter } from 'node:events';

/** What SIGHUP asks for, once it can be done. */
export interface OnHangUp {
  /** From now on each signal has this done; at once, if one came before. It must not reject. */
  begin(act: () => Promise<void>): void;
}

/**
 * Heeds SIGHUP from now on, as its default would end a process that is still opening. What it asks for is done one time after
 * the other, so that the last signal is heeded whole; signals that come while it is done are one.
 *
 * @example
 * const { begin } = onHangUp(process);
 * begin(readAgain);
 */
export const onHangUp = (process: EventEmitter): OnHangUp => {
  let isAsked = false;
  let isActing = false;
  let act: (() => Promise<void>) | undefined;
  const run = async (): Promise<void> => {
    if (act === undefined || isActing) return;
    isActing = true;
    while (isAsked) {
      isAsked = false;
      await act();
    }
    isActing = false;
  };
  process.on('SIGHUP', () => {
    isAsked = true;
    void run();
  });
  return {
    begin: (given) => {
      act = given;
      void run();
    },
  };
};
