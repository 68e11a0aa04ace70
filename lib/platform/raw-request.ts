import { StsError } from '../core/errors.ts';
import type { HttpRequest } from '../core/http.ts';
import type { PlatformIdentity } from '../core/platform-identity.ts';

/** A request as a platform hands it over, before anybody vouches for its size or its text. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly sourceIp?: string;
  readonly scheme?: 'http' | 'https';
  /** What the platform says of the request; nothing that the request itself says. */
  readonly platform?: PlatformIdentity;
  /** Why it cannot be served, where that is known already: it is read only so far that its dialect can say so. */
  readonly fault?: StsError;
}

export const maxBodyBytes = 64 * 1024;
const longestQuery = 8 * 1024;
const longestPath = 2 * 1024;

/** How much of each end of what is too long is looked at, in characters. */
const glimpse = longestQuery / 2;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The whole parameters near both ends of a text that is too long: enough to recognize whose request it is. */
const glimpsed = (text: string): string => {
  const first = text.slice(0, glimpse).split('&').slice(0, -1);
  const last = text.slice(-glimpse).split('&').slice(1);
  return [...first, ...last].join('&');
};

/** The same of a form. */
const glimpsedForm = ({ headers, body }: RawRequest): string => {
  if (!/^\s*application\/x-www-form-urlencoded/i.test(headers['content-type'] ?? '')) return '';
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return glimpsed(`${bytes.toString('latin1', 0, glimpse)}${bytes.toString('latin1', bytes.length - glimpse)}`);
};

/**
 * The request as the house reads it. What is too large or not text is left out and named in `fault`, so that the
 * dialect which recognizes the rest can say so in its own words.
 */
export const readRequest = (raw: RawRequest): { readonly request: HttpRequest; readonly fault?: StsError } => {
  const { method, headers, scheme = 'https' } = raw;
  let { path, query, fault } = raw;
  let body = '';
  if (path.length > longestPath) {
    fault = new StsError('RequestTooLarge', `The path may have ${longestPath} bytes.`);
    path = '/';
  }
  if (!path.startsWith('/')) {
    // The `*` of OPTIONS, and whatever a gateway may think of.
    fault = new StsError('NotFound');
    path = '/';
  }
  if (query.length > longestQuery) {
    fault = new StsError('RequestTooLarge', `The query may have ${longestQuery} bytes.`);
    query = glimpsed(query);
  }
  if (raw.body.length > maxBodyBytes) {
    fault = new StsError('RequestTooLarge', `The body may have ${maxBodyBytes} bytes.`);
    body = glimpsedForm(raw);
  } else {
    try {
      body = raw.body.length === 0 ? '' : utf8.decode(raw.body);
    } catch {
      fault = new StsError('InvalidRequest', 'The body is not UTF-8.');
    }
  }
  const host = Object.hasOwn(headers, 'host') ? (headers['host'] ?? '') : '';
  const request = { method: method.toUpperCase(), scheme, host, path, query, headers, body };
  return fault === undefined ? { request } : { request, fault };
};
