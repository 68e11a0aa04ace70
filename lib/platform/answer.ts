import type { HttpHeaders, HttpResponse } from '../core/http.ts';
import type { RawRequest } from './raw-request.ts';

/** Answers one request within the deadline. Rejects only if it fails in a way that it did not foresee. */
export type Answerer = (raw: RawRequest, deadlineMs: number) => Promise<HttpResponse>;

/** The longest that an answer may take if the platform does not say, in milliseconds. */
export const maxAnswerMs = 10_000;

/** What every answer carries. `date` is the time by which we judge signatures, so clients can correct their clocks by it. */
export const commonHeaders = (requestId: string, now: Date): HttpHeaders => ({
  'x-request-id': requestId,
  'cache-control': 'no-store',
  date: now.toUTCString(),
  'x-content-type-options': 'nosniff',
});
