import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { Keyring, RingKey } from './keyring.ts';

// version (1) · kid (4) · salt (16) · iv (12) · ciphertext · tag (16), as base64url.
//
// AES-256-GCM under a random 96-bit iv is good for 2^32 messages of one key (NIST SP 800-38D, 8.3), which a busy
// authority reaches in days. So each message has a key of its own, derived from the ring's by its salt, as in
// XAES-256-GCM.

const version = 1;
const saltBytes = 16;
const ivBytes = 12;
const tagBytes = 16;
const headBytes = 5;
const minBytes = headBytes + saltBytes + ivBytes + tagBytes;

// A KeyObject, like every key here: with bytes in its place Node 24.18 to 24.21 takes three times as long.
const messageKey = (sealing: KeyObject, salt: Uint8Array): KeyObject =>
  createSecretKey(createHmac('sha256', sealing).update('message key').update(salt).digest());

/** Additional authenticated data: not encrypted, but proven. The context that the value is for, and the seal's own head. */
const authenticatedData = (head: Uint8Array, context: string): Buffer => Buffer.concat([head, Buffer.from(context)]);

/** Seals a value in a context; it opens in no other. */
export const seal = ({ current }: Keyring, context: string, value: Uint8Array): string => {
  const head = Buffer.concat([Buffer.of(version), Buffer.from(current.kid, 'hex')]);
  const random = randomBytes(saltBytes + ivBytes);
  const [salt, iv] = [random.subarray(0, saltBytes), random.subarray(saltBytes)];
  const cipher = createCipheriv('aes-256-gcm', messageKey(current.sealing, salt), iv);
  cipher.setAAD(authenticatedData(head, context));
  const closed = [cipher.update(value), cipher.final()];
  return Buffer.concat([head, random, ...closed, cipher.getAuthTag()]).toString('base64url');
};

/** The value, and the key that sealed it. Returns undefined if it is not ours, not for this context, or was changed. */
export const open = (
  ring: Keyring,
  context: string,
  sealed: string,
): { readonly value: Buffer; readonly key: RingKey } | undefined => {
  const bytes = Buffer.from(sealed, 'base64url');
  // Only the canonical spelling is valid, or one value would have many spellings.
  // Stryker disable next-line ConditionalExpression: a head of another version fails again when it is authenticated
  if (bytes.length < minBytes || bytes[0] !== version || bytes.toString('base64url') !== sealed) return undefined;
  const head = bytes.subarray(0, headBytes);
  const key = ring.keys.get(head.subarray(1).toString('hex'));
  if (key === undefined) return undefined;
  const salt = bytes.subarray(headBytes, headBytes + saltBytes);
  const iv = bytes.subarray(headBytes + saltBytes, headBytes + saltBytes + ivBytes);
  // Stryker disable next-line ObjectLiteral: the default is the same, and what is set below has that length
  const decipher = createDecipheriv('aes-256-gcm', messageKey(key.sealing, salt), iv, { authTagLength: tagBytes });
  decipher.setAAD(authenticatedData(head, context));
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  try {
    const body = bytes.subarray(headBytes + saltBytes + ivBytes, bytes.length - tagBytes);
    return { value: Buffer.concat([decipher.update(body), decipher.final()]), key };
  } catch {
    // It was changed, or is for another context.
  }
  return undefined;
};
