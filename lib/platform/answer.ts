import { randomUUID } from 'node:crypto';
import type { Broker } from '../broker.ts';
import type { HttpHeaders, HttpResponse } from '../sts/http.ts';
import { present } from '../sts/present.ts';
import { type Arrival, receive } from './arrival.ts';

/** An answer, and how its connection is to fail over it: before it, or in its midst. Only a faulty server breaks any. */
export interface Answered extends HttpResponse {
  readonly breaks?: 'reset' | 'cut';
}

/** Answers one arrival within the milliseconds given. */
export type Answerer = (arrival: Arrival, deadline: number) => Promise<Answered>;

/** Longest that an answer may take where the platform does not say, in milliseconds. */
export const longestAnswer = 10_000;

/** What every answer carries, whoever gives it. Clients correct their clocks by `date`, so it is the one we judge by. */
export const carried = (requestId: string, now: Date): HttpHeaders => ({
  'x-request-id': requestId,
  'cache-control': 'no-store',
  date: now.toUTCString(),
  'x-content-type-options': 'nosniff',
});

/** Takes arrivals through the broker. */
export const answerer =
  (broker: Broker, now: () => Date): Answerer =>
  async (arrival, deadline) => {
    const requestId = randomUUID();
    const { request, fault } = receive(arrival);
    const until = performance.now() + deadline;
    let signal: AbortSignal | undefined;
    const response = await broker({
      request,
      requestId,
      get signal() {
        signal ??= AbortSignal.timeout(Math.max(1, Math.round(until - performance.now())));
        return signal;
      },
      ...present({ sourceIp: arrival.sourceIp, vouched: arrival.vouched, fault }),
    });
    return { ...response, headers: { ...response.headers, ...carried(requestId, now()) } };
  };
