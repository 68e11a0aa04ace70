import type { Caller } from '../../sts/caller.ts';
import type { Secret } from '../../sts/secret.ts';

/** A long-term key of a caller. */
export interface CallerKey {
  readonly id: string;
  readonly secret: Secret;
  readonly caller: string;
}

/** Long-term keys by id. A caller may have several, so that they rotate. */
export type KeyBook = ReadonlyMap<string, CallerKey>;

export const keyBook = (keys: readonly CallerKey[]): KeyBook => new Map(keys.map((key) => [key.id, key]));

/** The caller that a long-term key proves. */
export const callerOf = (key: CallerKey): Caller => ({ name: key.caller, proof: 'accessKey', accessKeyId: key.id });
