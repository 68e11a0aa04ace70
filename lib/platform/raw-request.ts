import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { PlatformIdentity } from '../core/platform-identity.ts';
import type { Slot } from '../core/slot.ts';

/** A request as a platform hands it over, before its size and its text are checked. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** What a gateway has put in front of the path; the caller has signed the path with it. */
  readonly basePath?: string;
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly sourceIp?: string;
  readonly scheme?: 'http' | 'https';
  /** What the platform says of the request; nothing that the request itself says. */
  readonly platform?: PlatformIdentity;
  /** Its place among the requests under way, if they are limited. */
  readonly slot?: Slot;
  /** Why the request cannot be served, if that is known already. It is parsed only to answer in its dialect. */
  readonly fault?: StsError;
}

export const maxBodyBytes = 64 * 1024;
/** What a GET may have at Tencent Cloud: https://cloud.tencent.com/document/product/1278/46710 */
export const maxQueryLength = 32 * 1024;
export const maxPathLength = 2 * 1024;

/** How much of each end of a text that is too long is read, in characters. */
const peekLength = 4 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The whole parameters at both ends of a query that is too long: enough to recognize its dialect. */
const peekQuery = (query: string): string => {
  const first = query.slice(0, peekLength).split('&').slice(0, -1);
  const last = query.slice(-peekLength).split('&').slice(1);
  return [...first, ...last].join('&');
};

/** What can be recognized of a body that is too long or not text: the parameters of a form, the beginning of JSON. */
const peekBody = ({ headers, body }: RawRequest): string => {
  const type = (headers['content-type'] ?? '').trim().toLowerCase();
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const first = bytes.toString('latin1', 0, peekLength);
  if (type.startsWith('application/json')) return first;
  if (!type.startsWith('application/x-www-form-urlencoded')) return '';
  return bytes.length <= peekLength ? first : peekQuery(first + bytes.toString('latin1', bytes.length - peekLength));
};

/**
 * Checks a request's size and text. What is too large or not text is left out and reported in `fault`, so that the
 * dialect which recognizes the rest can say so in its own format.
 */
export const readRequest = (raw: RawRequest): { readonly request: HttpRequest; readonly fault?: StsError } => {
  const { method, headers, scheme = 'https' } = raw;
  let { path, query, fault } = raw;
  let body = '';
  if (path.length > maxPathLength) {
    fault = new StsError('RequestTooLarge', `The path may have at most ${maxPathLength} bytes.`);
    path = '/';
  }
  if (!path.startsWith('/')) {
    // The `*` of OPTIONS, for example.
    fault = new StsError('NotFound');
    path = '/';
  }
  if (query.length > maxQueryLength) {
    fault = new StsError('RequestTooLarge', `The query may have at most ${maxQueryLength} bytes.`);
    query = peekQuery(query);
  }
  if (raw.body.length > maxBodyBytes) {
    fault = new StsError('RequestTooLarge', `The body may have at most ${maxBodyBytes} bytes.`);
    body = peekBody(raw);
  } else {
    try {
      body = raw.body.length === 0 ? '' : utf8.decode(raw.body);
    } catch {
      fault = new StsError('InvalidRequest', 'The body is not UTF-8.');
      body = peekBody(raw);
    }
  }
  const host = Object.hasOwn(headers, 'host') ? (headers['host'] ?? '') : '';
  const request = {
    method: method.toUpperCase(),
    scheme,
    host,
    path,
    query,
    headers,
    body,
    ...omitUndefined({ basePath: raw.basePath }),
  };
  return fault === undefined ? { request } : { request, fault };
};
