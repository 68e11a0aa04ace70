import { StsError, type StsErrorCode } from '../core/errors.ts';
import type { HttpResponse } from '../core/http.ts';

/** The refusals by which clouds say that our clock is off; AWS says it as a signature that does not match. */
const maybeSkew: ReadonlySet<StsErrorCode> = new Set(['RequestExpired', 'RequestReplayed', 'SignatureMismatch']);

/** What a reply's date may differ by and still be the same time, in milliseconds. */
const tolerance = 60_000;

/** The time as each account's cloud has it: ours, and an offset learnt from its refusals. */
export interface ClockSkew {
  now(account: string): Date;
  /**
   * Sends a request signed for a moment, and once more for a better one if it is refused while the reply's date shows
   * that our clock is off.
   */
  sent<Result>(
    account: string,
    send: (now: Date) => Promise<HttpResponse>,
    read: (response: HttpResponse) => Result,
  ): Promise<Result>;
}

export const clockSkew = (now: () => Date): ClockSkew => {
  const offsets = new Map<string, number>();
  const there = (account: string): Date => new Date(now().getTime() + (offsets.get(account) ?? 0));
  return {
    now: there,
    sent: async (account, send, read) => {
      const response = await send(there(account));
      try {
        return read(response);
      } catch (thrown) {
        const said = Date.parse(response.headers['date'] ?? '');
        const isSkew = thrown instanceof StsError && maybeSkew.has(thrown.code) && !Number.isNaN(said);
        if (!isSkew || Math.abs(said - there(account).getTime()) <= tolerance) throw thrown;
        offsets.set(account, said - now().getTime());
        return read(await send(there(account)));
      }
    },
  };
};
