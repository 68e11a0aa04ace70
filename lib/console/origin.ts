import type { RawRequest } from '../platform/raw-request.ts';

/**
 * What the browser says of where a request comes from (Fetch Metadata). A link may be anywhere; a form that another page
 * sends would be proven by the certificate that the browser adds.
 */
export const isForeign = ({ method, headers }: RawRequest): boolean => {
  const site = headers['sec-fetch-site'] ?? 'none';
  const isVisit =
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return site !== 'same-origin' && site !== 'none' && !isVisit;
};

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** As the browser has it: what is not TLS to us, and not loopback, came through a proxy that speaks it. */
export const originOf = ({ headers, scheme }: RawRequest): string => {
  const { host = '' } = headers;
  return `${scheme !== 'https' && loopbackHost.test(host) ? 'http' : 'https'}://${host}`;
};
