import { X509Certificate } from 'node:crypto';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { matchesOfWhole } from './matches-of-whole.ts';

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
const name = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/gy;

const distinguished = (text: string | undefined): string => text?.replaceAll('\n', ', ') ?? '';

/** Reads a client certificate in PEM; returns undefined if it cannot be read or is an authority's own. */
export const readCertificate = (pem: string): ClientCertificate | undefined => {
  if (pem.length > maxPemLength) return undefined;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return undefined;
  }
  const names = matchesOfWhole(certificate.subjectAltName ?? '', name);
  // Names that cannot be told apart name nobody. An authority's certificate speaks for others, so it proves no client.
  if (names === undefined || certificate.ca) return undefined;
  const namesOf = (wanted: string) => names.flatMap(([, kind, value = '']) => (kind === wanted ? [value] : []));
  const [uri, ...otherUris] = namesOf('URI');
  // A name that had to be quoted is neither a SPIFFE ID nor a host name.
  const spiffe = otherUris.length === 0 && uri?.startsWith('spiffe://') ? uri : undefined;
  const dns = namesOf('DNS').flatMap((value) => (value.includes('"') ? [] : [value.toLowerCase()]));
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
