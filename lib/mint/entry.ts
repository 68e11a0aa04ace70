import type { Credentials } from '../core/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import { isObject, member, readJson } from '../wire/json.ts';

/** Credentials that are kept, and until when they are good enough to be given out. */
export interface Entry {
  readonly credentials: Credentials;
  readonly mintedAt: number;
  /** In milliseconds since 1970: the expiration that the cloud gave, less a margin. */
  readonly usableUntil: number;
  /** From then on whoever asks also starts a refresh. */
  refreshAt: number;
}

const leastMargin = 60_000;
const marginShare = 0.1;
/** A refresh begins somewhere in this part of an entry's usable life, so that entries made together part ways. */
const refreshFrom = 0.6;
const refreshTo = 0.9;

/** An entry of credentials that were just minted. `chance` is from 0 to 1. */
export const entryOf = (credentials: Credentials, mintedAt: number, chance: number): Entry => {
  const expiration = credentials.expiration.getTime();
  const usableUntil = expiration - Math.max(leastMargin, (expiration - mintedAt) * marginShare);
  const life = usableUntil - mintedAt;
  return {
    credentials,
    mintedAt,
    usableUntil,
    refreshAt: mintedAt + life * (refreshFrom + (refreshTo - refreshFrom) * chance),
  };
};

/** For a store that seals what it is given. */
export const writeEntry = ({ credentials, mintedAt }: Entry): string =>
  JSON.stringify({
    ...credentials,
    secretAccessKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken.reveal(),
    expiration: credentials.expiration.getTime(),
    mintedAt,
  });

/** An entry as it was written; `undefined` where the text is none. */
export const readEntry = (text: string, chance: number): Entry | undefined => {
  const value = readJson(text);
  if (!isObject(value)) return undefined;
  const { mintedAt, expiration, secretAccessKey, sessionToken, ...rest } = value;
  if (typeof mintedAt !== 'number' || typeof expiration !== 'number') return undefined;
  if (typeof secretAccessKey !== 'string' || typeof sessionToken !== 'string') return undefined;
  if (typeof member(rest, 'accessKeyId') !== 'string') return undefined;
  const credentials = omitUndefined({
    // Written by `writeEntry` and proven by the seal, so the form of the rest is not in question.
    ...(rest as Omit<Credentials, 'secretAccessKey' | 'sessionToken' | 'expiration'>),
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    expiration: new Date(expiration),
  });
  return entryOf(credentials, mintedAt, chance);
};
