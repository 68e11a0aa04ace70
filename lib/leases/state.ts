import type { Credentials } from '../core/credentials.ts';
import { type StsErrorCode, stsErrors } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { readMinted, writeMinted } from '../mint/cache-entry.ts';
import { isObject, readJson } from '../wire/json.ts';

/** What was minted last. */
export interface Held {
  readonly credentials: Credentials;
  /** In milliseconds since 1970. */
  readonly mintedAt: number;
  /** How long they live from the mint: no longer than was asked, even if our clock is behind and their end looks far away. */
  readonly lifeMs: number;
  /** A hash of what the configuration had the lease be (`ShapeOf`). If it is something else now, this is not held. */
  readonly shape: string;
}

/** What is remembered of a lease between runs. */
export interface LeaseState {
  readonly held?: Held;
  /** The ids of the targets that have what is held. */
  readonly delivered: readonly string[];
  /** Mints that failed in a row, and runs in a row that did not reach every target. */
  readonly failures: number;
  readonly deliveryFailures: number;
  /** How the last of either failed. */
  readonly code?: StsErrorCode;
  /** Nothing is minted before it, in milliseconds since 1970. */
  readonly nextTry?: number;
  /** Whether those who look after leases know that it is failing. */
  readonly reported: boolean;
}

/** The state of a lease that no run has attended to. */
export const newState: LeaseState = { delivered: [], failures: 0, deliveryFailures: 0, reported: false };

/** What is held, if it is still valid. */
export const liveOf = ({ held }: LeaseState, now: number): Held | undefined =>
  held !== undefined && held.credentials.expiration.getTime() > now ? held : undefined;

/** As text with secrets in it: for a store that seals what it is given. */
export const writeState = ({ held, ...rest }: LeaseState): string =>
  JSON.stringify({
    ...rest,
    held: held && { shape: held.shape, lifeMs: held.lifeMs, entry: writeMinted(held) },
  });

/** Reads what `writeState` wrote; returns undefined if the text is anything else. */
export const readState = (text: string): LeaseState | undefined => {
  const value = readJson(text);
  if (!isObject(value)) return undefined;
  const { held, delivered, failures, deliveryFailures, code, nextTry, reported } = value;
  if (!Array.isArray(delivered) || typeof failures !== 'number' || typeof deliveryFailures !== 'number') {
    return undefined;
  }
  return omitUndefined({
    held: readHeld(held),
    delivered: delivered.filter((one) => typeof one === 'string'),
    failures,
    deliveryFailures,
    code: isCode(code) ? code : undefined,
    nextTry: typeof nextTry === 'number' ? nextTry : undefined,
    reported: reported === true,
  });
};

const isCode = (value: unknown): value is StsErrorCode => typeof value === 'string' && Object.hasOwn(stsErrors, value);

const readHeld = (value: unknown): Held | undefined => {
  if (!isObject(value)) return undefined;
  const { shape, lifeMs, entry: text } = value;
  const minted = typeof text === 'string' ? readMinted(text) : undefined;
  if (minted === undefined || typeof shape !== 'string' || typeof lifeMs !== 'number') return undefined;
  return { ...minted, lifeMs, shape };
};
