import type { HttpRequest, HttpResponse } from './http.ts';

/** Sends one request and reads its whole answer; rejects with an StsError where there is none. Follows nothing. */
export type Transport = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

/**
 * Fetches a small public document, as an issuer's keys, or rejects with an StsError. Public addresses alone are
 * reached, and these private ranges besides; loopback where the URL itself says so.
 */
export type Documents = (url: URL, besides: readonly string[]) => Promise<string>;
