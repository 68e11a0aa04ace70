import { randomUUID } from 'node:crypto';
import type { Broker } from '../broker/broker.ts';
import type { HttpHeaders, HttpResponse } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { type RawRequest, readRequest } from './raw-request.ts';

/** An answer, and how its connection is to fail over it: before it, or in its midst. Only a faulty server breaks any. */
export interface Answered extends HttpResponse {
  readonly breaks?: 'reset' | 'cut';
}

/** Answers one arrival within the milliseconds given. */
export type Answerer = (raw: RawRequest, deadline: number) => Promise<Answered>;

/** Longest that an answer may take where the platform does not say, in milliseconds. */
export const maxAnswerMs = 10_000;

/** What every answer carries, whoever gives it. Clients correct their clocks by `date`, so it is the one we judge by. */
export const commonHeaders = (requestId: string, now: Date): HttpHeaders => ({
  'x-request-id': requestId,
  'cache-control': 'no-store',
  date: now.toUTCString(),
  'x-content-type-options': 'nosniff',
});

/** Takes arrivals through the broker. */
export const answerer =
  (broker: Broker, now: () => Date): Answerer =>
  async (raw, deadline) => {
    const requestId = randomUUID();
    const { request, fault } = readRequest(raw);
    const until = performance.now() + deadline;
    let signal: AbortSignal | undefined;
    const response = await broker({
      request,
      requestId,
      get signal() {
        signal ??= AbortSignal.timeout(Math.max(1, Math.round(until - performance.now())));
        return signal;
      },
      ...omitUndefined({ sourceIp: raw.sourceIp, platform: raw.platform, fault }),
    });
    return { ...response, headers: { ...response.headers, ...commonHeaders(requestId, now()) } };
  };
