import type { TokenSigningKey } from './signing-key.ts';

// Ceph RGW verifies tokens by the first certificate of `x5c` (RFC 7517, 4.7) alone, so every key is published with one.
// It is made from the key and nothing else: the same on every instance. Nobody builds trust on its names or dates.

const der = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};

const sequence = (...contents: readonly Uint8Array[]): Buffer => der(0x30, ...contents);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const nothing = der(0x05);

/** The signature algorithms of X.509 (RFC 4055, 5; RFC 5758, 3.2). */
const algorithms = {
  RS256: sequence(oid('2a864886f70d01010b'), nothing),
  ES256: sequence(oid('2a8648ce3d040302')),
  ES384: sequence(oid('2a8648ce3d040303')),
} as const;

const commonName = (name: string): Buffer => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))));

/** From 2020 until the year 9999, which RFC 5280, 4.1.2.5 keeps for certificates without an end. */
const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x18, Buffer.from('99991231235959Z')));

/** An ECDSA signature as X.509 has it: two numbers in DER (RFC 3279, 2.2.3). */
const ecdsaDer = (raw: Uint8Array): Buffer => {
  const half = raw.length / 2;
  const number = (bytes: Uint8Array): Buffer => {
    const first = bytes.findIndex((byte) => byte !== 0);
    const short = Buffer.from(bytes.subarray(first === -1 ? bytes.length - 1 : first));
    return der(0x02, (short[0] ?? 0) >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0), short);
  };
  return sequence(number(raw.subarray(0, half)), number(raw.subarray(half)));
};

/** A self-signed X.509 certificate of a signing key, in base64: what stands in `x5c`. */
export const selfSignedCertificate = async (key: TokenSigningKey, signal: AbortSignal): Promise<string> => {
  const algorithm = algorithms[key.algorithm];
  const name = commonName(`credmint ${key.kid}`);
  const serial = Buffer.from(key.kid, 'base64url').subarray(0, 16);
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([0x01]), serial),
    algorithm,
    name,
    validity,
    name,
    key.publicKey.export({ format: 'der', type: 'spki' }),
  );
  const raw = await key.sign(toBeSigned, signal);
  const signature = key.algorithm === 'RS256' ? raw : ecdsaDer(raw);
  return sequence(toBeSigned, algorithm, der(0x03, Buffer.from([0]), signature)).toString('base64');
};
