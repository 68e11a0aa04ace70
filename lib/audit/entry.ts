import { hash } from 'node:crypto';
import { readExactJson } from '../wire/exact-json.ts';
import { isObject, readJson } from '../wire/json.ts';
import { canonicalJson, type Json } from './canonical.ts';
import { chainNames } from './names.ts';

/** A line of a chain, taken apart. */
export interface Entry {
  readonly chain: string;
  readonly sequence: number;
  readonly previous: string;
  /** The hash that the line says it has. */
  readonly hash: string;
  /** Whether the hash is right. */
  readonly genuine: boolean;
  /** Every other member. Exact if it is ASCII, as all of a checkpoint is. */
  readonly members: Readonly<Record<string, Json>>;
}

const start = new RegExp(`^\\{"${chainNames.hash.replaceAll('.', '\\.')}":"([0-9a-f]{64})",`);
const startLength = `{"${chainNames.hash}":"${'0'.repeat(64)}",`.length;
const openingBrace = 0x7b;

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

const entryOf = (value: unknown, claimed: string, actual: string): Entry | undefined => {
  if (!isObject(value)) return undefined;
  const { [chainNames.id]: chain, [chainNames.sequence]: sequence, [chainNames.previous]: previous } = value;
  if (typeof chain !== 'string' || !/^[0-9a-f]{32}$/.test(chain) || !isHash(previous)) return undefined;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0) return undefined;
  return { chain, sequence, previous, hash: claimed, genuine: claimed === actual, members: value as Entry['members'] };
};

/** A line as it was written, byte for byte. Returns undefined if it is not a line of a chain. */
export const readEntry = (line: Buffer): Entry | undefined => {
  const text = line.toString('latin1');
  const claimed = start.exec(text)?.[1];
  if (claimed === undefined) return undefined;
  // What was hashed is the line without its first member.
  const hashed = Buffer.from(line.subarray(startLength - 1));
  hashed[0] = openingBrace;
  return entryOf(readJson(`{${text.slice(startLength)}`), claimed, hash('sha256', hashed, 'hex'));
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A line that a collector may have written again, with its members in another order: what it says is compared. */
export const readRespeltEntry = (line: Buffer): Entry | undefined => {
  const exact = readEntry(line);
  if (exact?.genuine === true) return exact;
  let text: string;
  try {
    text = utf8.decode(line);
  } catch {
    return undefined;
  }
  const value = readJson(text);
  // A duplicate member would say one thing to us and another to the next reader.
  if (!isObject(value) || readExactJson(text) === undefined) return undefined;
  const { [chainNames.hash]: claimed, ...rest } = value;
  if (!isHash(claimed)) return undefined;
  return entryOf(rest, claimed, hash('sha256', canonicalJson(rest as Entry['members']), 'hex'));
};
