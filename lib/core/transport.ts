import type { HttpRequest, HttpResponse } from './http.ts';

/**
 * Sends one request and reads its whole answer. Follows no redirect. Rejects with an StsError if there is no answer
 * before the signal is aborted.
 *
 * @example
 * ```ts
 * const transport: Transport = async (request) => {
 *   if (request.host !== 'sts.example.com') throw new StsError('CloudUnavailable');
 *   return { status: 200, headers: { 'content-type': 'text/xml' }, body: reply };
 * };
 * ```
 */
export type Transport = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

/**
 * Fetches a small public document, such as an issuer's keys, or rejects with an StsError. Reaches only public addresses
 * and these private ranges (CIDR); loopback only if the URL itself names it.
 *
 * @example
 * ```ts
 * const text = await documents(new URL('https://issuer.example.com/jwks.json'), ['10.0.0.0/8']);
 * ```
 */
export type Documents = (url: URL, besides: readonly string[]) => Promise<string>;
