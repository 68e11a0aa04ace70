import type { Clock } from '../core/clock.ts';
import type { MintedCredentials } from './client.ts';
import { pauseMs } from './retry.ts';

/** What renewal works with. */
export interface RenewalDeps {
  readonly mint: (signal: AbortSignal) => Promise<MintedCredentials>;
  readonly clock: Clock;
  /** Ends an attempt that takes too long. */
  readonly attemptSignal: () => AbortSignal;
  /** Told why a renewal failed; what is held is served on while it is valid. */
  readonly onFailure?: (thrown: unknown) => void;
}

/** Credentials that are renewed before they end. */
export interface Renewal {
  /** What is held while it is valid, otherwise new ones; rejects if there are none and none can be had. */
  current(): Promise<MintedCredentials>;
  /** Renews at two thirds of each lifetime until the signal is aborted. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

interface Held {
  readonly minted: MintedCredentials;
  readonly validUntilMs: number;
}

/** What is this close to its end is not handed out if newer can be had: a signature made with it must still arrive. */
const marginMs = 5_000;

/** However short a lifetime is, a server is not asked more often than this. */
const minIntervalMs = 1_000;

/** After two thirds of the lifetime, up to a tenth of it earlier by chance: a fleet that started at once spreads. */
const renewalAfterMs = (validForMs: number, chance: number): number =>
  Math.max(minIntervalMs, validForMs * (2 / 3 - chance / 10));

/** Keeps one set of credentials fresh: one attempt at a time, and a server that is down is not seen while they last. */
export const createRenewal = ({ mint, clock, attemptSignal, onFailure }: RenewalDeps): Renewal => {
  let held: Held | undefined;
  let attempt: Promise<Held> | undefined;
  let failures = 0;
  let nextAttemptAtMs = 0;

  const nowMs = (): number => clock.now().getTime();

  const renewOnce = async (): Promise<Held> => {
    try {
      const minted = await mint(attemptSignal());
      failures = 0;
      held = { minted, validUntilMs: nowMs() + minted.validForMs };
      nextAttemptAtMs = nowMs() + renewalAfterMs(minted.validForMs, clock.chance());
      return held;
    } catch (thrown) {
      nextAttemptAtMs = nowMs() + pauseMs(++failures, clock.chance());
      throw thrown;
    }
  };

  const renew = (): Promise<Held> => {
    attempt ??= renewOnce().finally(() => {
      attempt = undefined;
    });
    return attempt;
  };

  const tryToRenew = (): Promise<unknown> => renew().catch((thrown: unknown) => onFailure?.(thrown));

  const current = async (): Promise<MintedCredentials> => {
    const last = held;
    const remainingMs = last === undefined ? 0 : last.validUntilMs - nowMs();
    if (last !== undefined && remainingMs > marginMs) {
      if (nowMs() >= nextAttemptAtMs) void tryToRenew();
      return last.minted;
    }
    const next = await renew().catch((thrown: unknown) => {
      if (last !== undefined && last.validUntilMs > nowMs()) return last;
      throw thrown;
    });
    return next.minted;
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const waitMs = nextAttemptAtMs - nowMs();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
      else await tryToRenew();
    }
  };

  return { current, run };
};
