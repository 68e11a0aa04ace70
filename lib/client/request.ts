import type { HttpHeaders, HttpRequest } from '../core/http.ts';
import { usageError } from './errors.ts';

const loopbackHosts: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** A URL that secrets may be sent to: https, or this machine. Throws a ClientError otherwise. */
export const secureUrl = (text: string, what: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '' || url.hash !== '')
    throw usageError(`${what} is not a URL.`);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHosts.includes(url.hostname))) return url;
  throw usageError(`${what} must begin with https://: what is sent there is secret.`);
};

/** What a request is made of besides its URL. */
interface RequestParts {
  readonly method: 'GET' | 'POST';
  readonly headers?: HttpHeaders;
  readonly body?: string;
}

/** A request to a URL, as the transport takes it. */
export const requestTo = (url: URL, { method, headers = {}, body = '' }: RequestParts): HttpRequest => ({
  method,
  scheme: url.protocol === 'https:' ? 'https' : 'http',
  host: url.host,
  path: url.pathname,
  query: url.search.slice(1),
  headers: { accept: 'application/json', ...headers },
  body,
});

/** A path below a base URL, which may have a path of its own. */
export const below = (base: URL, path: string, query: Readonly<Record<string, string>> = {}): URL => {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/$/, '')}${path}`;
  url.search = new URLSearchParams(query).toString();
  return url;
};
