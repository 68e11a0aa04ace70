import type { Credentials } from '../core/credentials.ts';
import { Secret } from '../core/secret.ts';
import type { CacheEntry } from './cache-entry.ts';

// One string of one byte a character, which V8 neither looks into nor takes apart when it collects garbage: numbers, then
// texts, each behind its spelling and its length. Made of objects, an entry takes half as much again.

const numberBytes = 8;
const headBytes = 4;

/** How a text is kept: most tokens and keys are base64, and take three quarters of their length as bytes. */
const spellings = ['utf8', 'base64', 'base64url'] as const;

interface Spelled {
  readonly spelling: number;
  readonly bytes: Buffer;
}

/** The bytes of a text in the shortest spelling that gives the same text again. */
const spelled = (text: string): Spelled => {
  for (const spelling of [1, 2] as const) {
    const bytes = Buffer.from(text, spellings[spelling]);
    if (bytes.toString(spellings[spelling]) === text) return { spelling, bytes };
  }
  return { spelling: 0, bytes: Buffer.from(text) };
};

/** An entry as one text, with its secrets in it: only for what keeps it in this process. */
export const packEntry = ({ credentials, mintedAt, expiresAt, marginMs, refreshAt }: CacheEntry): string => {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, ...rest } = credentials;
  const numbers = [expiration.getTime(), expiresAt.monotonic, marginMs, mintedAt, refreshAt];
  const texts = [accessKeyId, secretAccessKey.reveal(), sessionToken.reveal(), JSON.stringify(rest)].map(spelled);
  const size = texts.reduce((sum, { bytes }) => sum + headBytes + bytes.length, numbers.length * numberBytes);
  const packed = Buffer.allocUnsafe(size);
  let at = 0;
  for (const number of numbers) at = packed.writeDoubleLE(number, at);
  for (const { spelling, bytes } of texts) {
    at = packed.writeUInt32LE(bytes.length * spellings.length + spelling, at);
    at += bytes.copy(packed, at);
  }
  return packed.toString('latin1');
};

/** The entry that `packEntry` was given. */
export const unpackEntry = (text: string): CacheEntry => {
  const packed = Buffer.from(text, 'latin1');
  let at = 0;
  const number = (): number => {
    at += numberBytes;
    return packed.readDoubleLE(at - numberBytes);
  };
  const next = (): string => {
    const head = packed.readUInt32LE(at);
    const start = at + headBytes;
    at = start + Math.floor(head / spellings.length);
    return packed.toString(spellings[head % spellings.length], start, at);
  };
  const expiresAt = { wall: number(), monotonic: number() };
  const [marginMs, mintedAt, refreshAt] = [number(), number(), number()];
  const accessKeyId = next();
  const secretAccessKey = new Secret(next());
  const sessionToken = new Secret(next());
  const rest: Omit<Credentials, 'accessKeyId' | 'secretAccessKey' | 'sessionToken' | 'expiration'> = JSON.parse(next());
  const credentials = { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiresAt.wall), ...rest };
  return { credentials, mintedAt, expiresAt, marginMs, refreshAt };
};
