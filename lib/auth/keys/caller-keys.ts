import type { Caller } from '../../core/caller.ts';
import { StsError, type StsErrorCode } from '../../core/errors.ts';
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

/** The key of an id; throws an StsError of this code, which does not tell the caller why, if it is not valid now. */
export const keyOf = (keys: KeysById, id: string, now: Date, code: StsErrorCode, message?: string): CallerKey => {
  const refusal = (proofFault: ProofFault) => new StsError(code, message, { proofFault });
  const key = keys.get(id);
  if (key === undefined) throw refusal('KeyUnknown');
  if (key.disabled === true) throw refusal('KeyDisabled');
  // Said so that an expiration that is no date is past.
  if (key.expires !== undefined && !(now < key.expires)) throw refusal('KeyExpired');
  return key;
};
