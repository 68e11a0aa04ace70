import type { Credentials } from '../core/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import { isObject, member, readJson } from '../wire/json.ts';

/** Credentials that are kept. Instants are in milliseconds since 1970. */
export interface CacheEntry {
  readonly credentials: Credentials;
  readonly mintedAt: number;
  /** Until when they are given out: the expiration that the cloud gave, less a margin. */
  readonly usableUntil: number;
  /** From then on a caller that asks for them also starts a refresh. */
  refreshAt: number;
}

const minMarginMs = 60_000;
const marginShare = 0.1;
/** A refresh starts somewhere in this part of the usable life, so that entries made together are not refreshed together. */
const refreshFrom = 0.6;
const refreshTo = 0.9;

/** The entry of credentials that were just minted. `chance` is from 0 to 1. */
export const entryOf = (credentials: Credentials, mintedAt: number, chance: number): CacheEntry => {
  const expiration = credentials.expiration.getTime();
  const usableUntil = expiration - Math.max(minMarginMs, (expiration - mintedAt) * marginShare);
  const life = usableUntil - mintedAt;
  return {
    credentials,
    mintedAt,
    usableUntil,
    refreshAt: mintedAt + life * (refreshFrom + (refreshTo - refreshFrom) * chance),
  };
};

/** As text with the secrets in it: for a store that seals what it is given. */
export const writeEntry = ({ credentials, mintedAt }: CacheEntry): string =>
  JSON.stringify({
    ...credentials,
    secretAccessKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken.reveal(),
    expiration: credentials.expiration.getTime(),
    mintedAt,
  });

/** Reads what `writeEntry` wrote; returns undefined if the text is anything else. */
export const readEntry = (text: string, chance: number): CacheEntry | undefined => {
  const value = readJson(text);
  if (!isObject(value)) return undefined;
  const { mintedAt, expiration, secretAccessKey, sessionToken, ...rest } = value;
  if (typeof mintedAt !== 'number' || typeof expiration !== 'number') return undefined;
  if (typeof secretAccessKey !== 'string' || typeof sessionToken !== 'string') return undefined;
  if (typeof member(rest, 'accessKeyId') !== 'string') return undefined;
  const credentials = omitUndefined({
    // The seal proves that `writeEntry` wrote it, so the rest has its form.
    ...(rest as Omit<Credentials, 'secretAccessKey' | 'sessionToken' | 'expiration'>),
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    expiration: new Date(expiration),
  });
  return entryOf(credentials, mintedAt, chance);
};
