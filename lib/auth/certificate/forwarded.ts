import { matchesOfWhole } from './matches-of-whole.ts';

/** The text that percent-escapes stand for; undefined if they are not valid. */
const unescaped = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** One `key=value` of an element of Envoy's header; a value may be quoted. A comma would begin the element of another proxy. */
const pair = /[A-Za-z]+=(?:"((?:[^"\\]|\\.)*)"|([^",;]*))(?:;|$)/gy;

/**
 * The certificate in Envoy's `x-forwarded-client-cert`. Its `Cert` must be there, since names without validity dates
 * prove little; and there may be one element only, since it is not ours to guess which of several proxies' callers is meant.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-client-cert
 */
const envoy = (value: string): string | undefined => {
  const found = matchesOfWhole(value, pair)
    ?.filter(([whole]) => /^cert=/i.test(whole))
    .map(([, quoted, plain]) => quoted ?? plain);
  return found?.length === 1 ? unescaped(found.join()) : undefined;
};

/** How proxies write a certificate into a header: Envoy's way, and `$ssl_client_escaped_cert` of nginx. */
export const certificateFormats = { envoy, nginx: unescaped } as const;

export type CertificateFormat = keyof typeof certificateFormats;

/** The certificate in PEM (RFC 7468, 5.1) that a proxy forwarded in a header; undefined if there is not exactly one. */
export const forwardedCertificate = (value: string, format: CertificateFormat): string | undefined =>
  certificateFormats[format](value)?.match(
    /^-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/,
  )?.[0];
