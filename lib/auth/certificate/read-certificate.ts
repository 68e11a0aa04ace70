import { X509Certificate } from 'node:crypto';
import { omitUndefined } from '../../core/omit-undefined.ts';

/** The names of a client certificate, and when it is valid. Its chain was verified in the handshake. */
export interface ClientCertificate {
  /** Its one SPIFFE ID; absent if it has none, or has another URI besides (X509-SVID, 2). */
  readonly spiffe?: string;
  readonly dns: readonly string[];
  /** Distinguished names, as `C=DE, O=Acme, CN=job`: in the certificate's own order, escaped as in RFC 4514. */
  readonly issuer: string;
  readonly subject: string;
  readonly from: Date;
  readonly until: Date;
  readonly claims: Readonly<Record<string, unknown>>;
}

const maxPemLength = 32 * 1024;

/** One name of several, as Node writes them: quoted as JSON if it could be taken for two. */
const name = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/y;

/** The alternative names of a certificate by kind; undefined if they cannot be told apart with certainty. */
const alternativeNames = (text: string): readonly (readonly [kind: string, value: string])[] | undefined => {
  const names: (readonly [string, string])[] = [];
  name.lastIndex = 0;
  while (name.lastIndex < text.length) {
    const [, kind, value] = name.exec(text) ?? [];
    if (kind === undefined || value === undefined) return undefined;
    // A name that had to be quoted is neither a host name nor a SPIFFE ID.
    if (!value.startsWith('"')) names.push([kind, value]);
    else names.push([`quoted ${kind}`, value]);
  }
  return names;
};

const distinguished = (text: string | undefined): string => (text ?? '').split('\n').join(', ');

/** Reads a client certificate in PEM; returns undefined if it cannot be read or is an authority's own. */
export const readCertificate = (pem: string): ClientCertificate | undefined => {
  if (pem.length > maxPemLength) return undefined;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return undefined;
  }
  const names = alternativeNames(certificate.subjectAltName ?? '');
  // An authority's certificate speaks for others, so no client is proven by it.
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
