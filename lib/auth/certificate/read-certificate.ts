import { X509Certificate } from 'node:crypto';
import { omitUndefined } from '../../core/omit-undefined.ts';

/** The names of a client certificate, and when it counts. Whether its chain is good was for the handshake to find. */
export interface ClientCertificate {
  /** Its one SPIFFE ID; absent where it has none, or names something else besides (X509-SVID, 2). */
  readonly spiffe?: string;
  readonly dns: readonly string[];
  /** Distinguished names, as `C=DE, O=Acme, CN=job`: in the certificate's own order, escaped as in RFC 4514. */
  readonly issuer: string;
  readonly subject: string;
  readonly from: Date;
  readonly until: Date;
  readonly claims: Readonly<Record<string, unknown>>;
}

const longestPem = 32 * 1024;

/** One name of several, as Node writes them: quoted as JSON where it holds anything that could be taken for two. */
const name = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/y;

/** The alternative names of a certificate by kind; `undefined` where they cannot be told apart with certainty. */
const alternativeNames = (text: string): readonly (readonly [kind: string, value: string])[] | undefined => {
  const names: (readonly [string, string])[] = [];
  name.lastIndex = 0;
  while (name.lastIndex < text.length) {
    const [, kind, value] = name.exec(text) ?? [];
    if (kind === undefined || value === undefined) return undefined;
    // One that had to be quoted is no host name and no SPIFFE ID.
    if (!value.startsWith('"')) names.push([kind, value]);
    else names.push([`quoted ${kind}`, value]);
  }
  return names;
};

const distinguished = (text: string | undefined): string => (text ?? '').split('\n').join(', ');

/** Reads a client certificate in PEM; `undefined` where it is none, or an authority's own. */
export const readCertificate = (pem: string): ClientCertificate | undefined => {
  if (pem.length > longestPem) return undefined;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return undefined;
  }
  const names = alternativeNames(certificate.subjectAltName ?? '');
  // An authority's certificate speaks for others, and is no client's.
  if (names === undefined || certificate.ca) return undefined;
  const uris = names.filter(([kind]) => kind.endsWith('URI')).map(([, value]) => value);
  const spiffe = uris.length === 1 && uris[0]?.startsWith('spiffe://') ? uris[0] : undefined;
  const dns = names.filter(([kind]) => kind === 'DNS').map(([, value]) => value.toLowerCase());
  const [issuer, subject] = [distinguished(certificate.issuer), distinguished(certificate.subject)];
  return {
    ...omitUndefined({ spiffe }),
    dns,
    issuer,
    subject,
    from: new Date(certificate.validFrom),
    until: new Date(certificate.validTo),
    claims: {
      ...omitUndefined({ spiffe }),
      sub: spiffe ?? dns[0] ?? subject,
      iss: issuer,
      subject,
      dns,
      serialNumber: certificate.serialNumber,
      fingerprint256: certificate.fingerprint256,
    },
  };
};
