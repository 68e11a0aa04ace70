import type { Clock } from '../core/clock.ts';
import type { Credentials } from '../core/credentials.ts';
import { Secret } from '../core/secret.ts';
import { isObject, member, readJson } from '../wire/json.ts';

/** An instant by both clocks, in milliseconds: the wall clock's since 1970, and the monotonic one's. */
export interface Instant {
  readonly wall: number;
  readonly monotonic: number;
}

export const instantOf = (clock: Clock): Instant => ({ wall: clock.now().getTime(), monotonic: clock.monotonicMs() });

/** Credentials, and when they were minted by the wall clock of the instance that minted them. */
export interface Minted {
  readonly credentials: Credentials;
  readonly mintedAt: number;
}

/** Credentials that are kept. */
export interface CacheEntry extends Minted {
  /** The expiration that the cloud gave, by both clocks: the wall clock may be set back, and then it says nothing of how old they are. */
  readonly expiresAt: Instant;
  /** How long before it they are given out no more. */
  readonly marginMs: number;
  /** From then on, by the monotonic clock, a caller that asks for them also starts a refresh. */
  readonly refreshAt: number;
}

/** How long until an instant, by the clock that reaches it first. */
export const remainingMs = (instant: Instant, now: Instant): number =>
  Math.min(instant.wall - now.wall, instant.monotonic - now.monotonic);

const minMarginMs = 60_000;
const marginShare = 0.1;
/** A refresh starts somewhere in this part of the usable life, so that entries made together are not refreshed together. */
const refreshFrom = 0.6;
const refreshTo = 0.9;

/** What an entry is made at. */
export interface EntryContext {
  readonly now: Instant;
  /** From 0 to 1. */
  readonly chance: number;
}

/** The entry of credentials that were just minted for so many seconds. */
export const entryOf = (
  credentials: Credentials,
  durationSeconds: number,
  { now, chance }: EntryContext,
): CacheEntry => {
  // They live no longer than was asked, even if the wall clock is behind and the expiration looks far away.
  const lifeMs = Math.min(credentials.expiration.getTime() - now.wall, durationSeconds * 1000);
  return entryWith(credentials, now.wall, lifeMs, lifeMs, { now, chance });
};

/** `lifeMs` is from the mint, `leftMs` from now. */
const entryWith = (
  credentials: Credentials,
  mintedAt: number,
  lifeMs: number,
  leftMs: number,
  { now, chance }: EntryContext,
): CacheEntry => {
  const marginMs = Math.max(minMarginMs, lifeMs * marginShare);
  const expiration = credentials.expiration.getTime();
  const usableMs = lifeMs - marginMs;
  const agedMs = lifeMs - leftMs;
  return {
    credentials,
    mintedAt,
    expiresAt: { wall: expiration, monotonic: now.monotonic + leftMs },
    marginMs,
    refreshAt: now.monotonic - agedMs + usableMs * (refreshFrom + (refreshTo - refreshFrom) * chance),
  };
};

/** As text with the secrets in it: for a store that seals what it is given. */
export const writeMinted = ({ credentials, mintedAt }: Minted): string =>
  JSON.stringify({
    ...credentials,
    secretAccessKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken.reveal(),
    expiration: credentials.expiration.getTime(),
    mintedAt,
  });

/** Reads what `writeMinted` wrote; returns undefined if the text is anything else. */
export const readMinted = (text: string): Minted | undefined => {
  const value = readJson(text);
  if (!isObject(value)) return undefined;
  const { mintedAt, expiration, secretAccessKey, sessionToken, ...rest } = value;
  if (typeof mintedAt !== 'number' || typeof expiration !== 'number') return undefined;
  if (typeof secretAccessKey !== 'string' || typeof sessionToken !== 'string') return undefined;
  if (typeof member(rest, 'accessKeyId') !== 'string') return undefined;
  const credentials: Credentials = {
    // The seal proves that `writeMinted` wrote it, so the rest has its form.
    ...(rest as Omit<Credentials, 'secretAccessKey' | 'sessionToken' | 'expiration'>),
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    expiration: new Date(expiration),
  };
  return { credentials, mintedAt };
};

/** The entry of credentials that this instance or another one minted earlier. */
export const entryOfMinted = ({ credentials, mintedAt }: Minted, context: EntryContext): CacheEntry => {
  const expiration = credentials.expiration.getTime();
  // An instance whose wall clock is behind that of the minter takes the later of the two.
  const leftMs = expiration - Math.max(context.now.wall, mintedAt);
  return entryWith(credentials, mintedAt, expiration - mintedAt, leftMs, context);
};
