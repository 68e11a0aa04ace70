import { randomUUID } from 'node:crypto';
import type { Broker } from '../broker.ts';
import type { HttpResponse } from '../sts/http.ts';
import { present } from '../sts/present.ts';
import { type Arrival, receive } from './arrival.ts';

/** Longest that an answer may take where the platform does not say, in milliseconds. */
export const longestAnswer = 10_000;

/** Takes one arrival through the broker, and adds what every answer carries. */
export const answer = async (broker: Broker, arrival: Arrival, deadline: number): Promise<HttpResponse> => {
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
    ...present({ sourceIp: arrival.sourceIp, fault }),
  });
  return {
    ...response,
    headers: {
      ...response.headers,
      'x-request-id': requestId,
      'cache-control': 'no-store',
      date: new Date().toUTCString(),
      'x-content-type-options': 'nosniff',
    },
  };
};
