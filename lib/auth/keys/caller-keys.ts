import type { Caller } from '../../core/caller.ts';
import { StsError } from '../../core/errors.ts';
import type { ProofFault } from '../../core/proof-fault.ts';
import type { Secret } from '../../core/secret.ts';

/** A long-term key of a caller. */
export interface CallerKey {
  readonly id: string;
  readonly secret: Secret;
  readonly caller: string;
  /** Whether it is refused; it stays known, so that the audit trail names whoever still uses it. */
  readonly disabled?: boolean;
  readonly expires?: Date;
}

/** Long-term keys by id. A caller may have several, so that they rotate. */
export type KeysById = ReadonlyMap<string, CallerKey>;

export const keysById = (keys: readonly CallerKey[]): KeysById => new Map(keys.map((key) => [key.id, key]));

/** The caller that a long-term key proves. */
export const callerOf = (key: CallerKey): Caller => ({ name: key.caller, proof: 'accessKey', accessKeyId: key.id });

/** Why a key is not valid now; undefined if it is. */
export const faultOfKey = (key: CallerKey | undefined, now: Date): ProofFault | undefined => {
  if (key === undefined) return 'KeyUnknown';
  if (key.disabled === true) return 'KeyDisabled';
  return key.expires !== undefined && key.expires <= now ? 'KeyExpired' : undefined;
};

/** The key of an id; throws an StsError if it is not valid now, without telling the caller why. */
export const keyOf = (keys: KeysById, id: string, now: Date): CallerKey => {
  const key = keys.get(id);
  const proofFault = faultOfKey(key, now);
  if (key === undefined || proofFault !== undefined) {
    throw new StsError('UnknownKey', undefined, { proofFault: proofFault ?? 'KeyUnknown' });
  }
  return key;
};
