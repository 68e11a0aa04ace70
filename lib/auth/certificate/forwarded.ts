/** The text that percent-escapes stand for; undefined if they are not valid. */
const unescaped = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const isPem = (text: string | undefined): text is string =>
  text !== undefined && /^-----BEGIN CERTIFICATE-----\s[\s\S]+-----END CERTIFICATE-----\s*$/.test(text);

/** One `key=value` of Envoy's header; a value may be quoted. */
const pair = /([A-Za-z]+)=("(?:[^"\\]|\\.)*"|[^",;]*)(;|,|$)/y;

/**
 * The certificate in Envoy's `x-forwarded-client-cert`. Its `Cert` must be there, since names without validity dates
 * prove little; and there may be one element only, since it is not ours to guess which of several proxies' callers is meant.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-client-cert
 */
const envoy = (value: string): string | undefined => {
  const found: string[] = [];
  pair.lastIndex = 0;
  while (pair.lastIndex < value.length) {
    const [, key = '', raw = '', end = ''] = pair.exec(value) ?? [];
    if (key === '' || end === ',') return undefined;
    if (key.toLowerCase() === 'cert') found.push(raw.replace(/^"(.*)"$/, '$1'));
  }
  const [only, ...others] = found;
  return only === undefined || others.length > 0 ? undefined : unescaped(only);
};

/** How proxies write a certificate into a header: Envoy's way, and `$ssl_client_escaped_cert` of nginx. */
export const certificateFormats = { envoy, nginx: unescaped } as const;

export type CertificateFormat = keyof typeof certificateFormats;

/** The certificate in PEM that a proxy forwarded in a header; undefined if there is not exactly one. */
export const forwardedCertificate = (value: string, format: CertificateFormat): string | undefined => {
  const pem = certificateFormats[format](value);
  return isPem(pem) && pem.split('-----BEGIN').length === 2 ? pem : undefined;
};
