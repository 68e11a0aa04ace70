import type { HttpRequest, HttpResponse } from './http.ts';

/** Sends one request and reads its whole answer; rejects with an StsError where there is none. Follows nothing. */
export type Transport = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;
