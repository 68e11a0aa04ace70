import { StsError, type StsErrorCode } from '../core/errors.ts';
import type { HttpResponse } from '../core/http.ts';

/** The refusals by which clouds say that our clock is wrong. AWS says it as a signature that does not match. */
const maybeSkew: ReadonlySet<StsErrorCode> = new Set(['RequestExpired', 'RequestReplayed', 'SignatureMismatch']);

/** By how much the date of a reply may differ before it shows a skew. */
const toleranceMs = 60_000;

/** The time by each account's cloud: our time, and an offset that is learnt from refusals. */
export interface ClockSkew {
  now(account: string): Date;
  /**
   * Sends a request signed for a moment. If it is refused, and the date of the reply shows that our clock is wrong,
   * sends it once more, signed for the cloud's time.
   */
  sent<Result>(
    account: string,
    send: (now: Date) => Promise<HttpResponse>,
    read: (response: HttpResponse) => Result,
  ): Promise<Result>;
}

export const clockSkew = (now: () => Date): ClockSkew => {
  const offsets = new Map<string, number>();
  const timeAt = (account: string): Date => new Date(now().getTime() + (offsets.get(account) ?? 0));
  return {
    now: timeAt,
    sent: async (account, send, read) => {
      const response = await send(timeAt(account));
      try {
        return read(response);
      } catch (thrown) {
        const cloudTime = Date.parse(response.headers['date'] ?? '');
        const isSkew = thrown instanceof StsError && maybeSkew.has(thrown.code) && !Number.isNaN(cloudTime);
        if (!isSkew || Math.abs(cloudTime - timeAt(account).getTime()) <= toleranceMs) throw thrown;
        offsets.set(account, cloudTime - now().getTime());
        return read(await send(timeAt(account)));
      }
    },
  };
};
