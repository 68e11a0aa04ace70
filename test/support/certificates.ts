import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

// As much of X.509 (RFC 5280) as client certificates need, so that no test depends on a tool of the machine.

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const size: number[] = [];
  for (let rest = content.length; rest > 0; rest >>= 8) size.unshift(rest & 255);
  const head = content.length < 128 ? [tag, content.length] : [tag, 128 + size.length, ...size];
  return Buffer.concat([Buffer.from(head), content]);
};

const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(0x30, ...parts);
const text = (tag: number, value: string): Buffer => tlv(tag, Buffer.from(value, 'utf8'));

const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const number of rest) {
    const septets = [number & 127];
    for (let left = number >> 7; left > 0; left >>= 7) septets.unshift((left & 127) | 128);
    bytes.push(...septets);
  }
  return tlv(6, Buffer.from(bytes));
};

const attributes: Readonly<Record<string, string>> = { C: '2.5.4.6', O: '2.5.4.10', OU: '2.5.4.11', CN: '2.5.4.3' };

/** A name of `O=Acme, CN=job`, in that order; of an empty text, one without any part. */
const distinguished = (name: string): Buffer =>
  sequence(
    ...(name === '' ? [] : name.split(', ')).map((part) => {
      const [type = '', value = ''] = [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)];
      return tlv(0x31, sequence(oid(attributes[type] ?? ''), text(0x0c, value)));
    }),
  );

const time = (at: Date | string): Buffer =>
  text(0x18, typeof at === 'string' ? at : at.toISOString().replace(/[-:T]|\.\d+/g, ''));

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [tlv(1, Buffer.of(255))] : []), tlv(4, value));

const algorithm = sequence(oid('1.2.840.10045.4.3.2'));

interface Names {
  readonly uris?: readonly string[];
  readonly dns?: readonly string[];
  readonly ips?: readonly string[];
  /** Of X.400, whose content Node does not read. */
  readonly x400?: readonly string[];
}

export interface Certificate {
  readonly pem: string;
  readonly keyPem: string;
  readonly privateKey: KeyObject;
  readonly subject: string;
}

export interface CertificateWish extends Names {
  readonly subject: string;
  /** Absent where it signs itself. */
  readonly by?: Certificate;
  readonly ca?: boolean;
  /** A text is written as it is, though it may be no time. */
  readonly from?: Date | string;
  readonly until?: Date | string;
}

/** A certificate and its key, by ECDSA over P-256. */
export const certify = (wish: CertificateWish): Certificate => {
  const { subject, by, ca = false, uris = [], dns = [], ips = [], x400 = [] } = wish;
  const { from = new Date('2020-01-01T00:00:00Z'), until = new Date('2049-01-01T00:00:00Z') } = wish;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names = [
    ...uris.map((uri) => text(0x86, uri)),
    ...dns.map((name) => text(0x82, name)),
    ...ips.map((ip) => tlv(0x87, Buffer.from(ip.split('.').map(Number)))),
    ...x400.map((name) => tlv(0xa3, text(0x0c, name))),
  ];
  const extensions = [
    extension('2.5.29.19', true, ca ? sequence(tlv(1, Buffer.of(255))) : sequence()),
    ...(names.length === 0 ? [] : [extension('2.5.29.17', false, sequence(...names))]),
  ];
  const body = sequence(
    tlv(0xa0, tlv(2, Buffer.of(2))),
    tlv(2, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    distinguished(by?.subject ?? subject),
    sequence(time(from), time(until)),
    distinguished(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = tlv(3, Buffer.of(0), sign('sha256', body, by?.privateKey ?? privateKey));
  const base64 = sequence(body, algorithm, signature).toString('base64');
  const lines = (base64.match(/.{1,64}/g) ?? []).join('\n');
  return {
    pem: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    privateKey,
    subject,
  };
};
