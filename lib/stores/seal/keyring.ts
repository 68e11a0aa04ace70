import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Secret } from '../../core/secret.ts';

/** One generation of key material, and the keys drawn from it for their separate purposes. */
export interface RingKey {
  /** Eight hex digits, drawn from the material by HKDF, that tell generations apart and tell nothing else. */
  readonly kid: string;
  readonly sealing: KeyObject;
  readonly binding: KeyObject;
  readonly naming: KeyObject;
}

/** Closes with its current key and opens with every key it holds, so that keys rotate with overlap. */
export interface Keyring {
  readonly current: RingKey;
  readonly keys: ReadonlyMap<string, RingKey>;
}

const draw = (material: Secret, purpose: string, bytes: number): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', material.reveal(), '', `credmint ${purpose}`, bytes));

const ringKey = (material: Secret): RingKey => ({
  kid: Buffer.from(draw(material, 'kid', 4)).toString('hex'),
  sealing: createSecretKey(draw(material, 'sealing', 32)),
  binding: createSecretKey(draw(material, 'binding', 32)),
  naming: createSecretKey(draw(material, 'naming', 32)),
});

/** A ring from secrets of at least 32 random characters each: the first is current, the rest only open. */
export const keyring = (first: Secret, ...older: readonly Secret[]): Keyring => {
  const current = ringKey(first);
  const keys = [current, ...older.map(ringKey)];
  return { current, keys: new Map(keys.map((key) => [key.kid, key])) };
};
