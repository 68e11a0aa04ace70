import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Secret } from '../../core/secret.ts';

/** One generation of key material, and the keys derived from it for their separate purposes. */
export interface RingKey {
  /** Eight hex digits, derived from the material by HKDF, that distinguish generations and reveal nothing else. */
  readonly kid: string;
  readonly sealing: KeyObject;
  readonly binding: KeyObject;
  readonly naming: KeyObject;
}

/** Seals with its current key and opens with every key it holds, so that keys rotate with overlap. */
export interface Keyring {
  readonly current: RingKey;
  readonly keys: ReadonlyMap<string, RingKey>;
}

const derive = (material: Secret, purpose: string, bytes: number): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', material.reveal(), '', `credmint ${purpose}`, bytes));

const ringKey = (material: Secret): RingKey => ({
  kid: Buffer.from(derive(material, 'kid', 4)).toString('hex'),
  sealing: createSecretKey(derive(material, 'sealing', 32)),
  binding: createSecretKey(derive(material, 'binding', 32)),
  naming: createSecretKey(derive(material, 'naming', 32)),
});

/** A ring from secrets of at least 32 random characters each: the first is current, the rest only open. */
export const keyring = (first: Secret, ...older: readonly Secret[]): Keyring => {
  const current = ringKey(first);
  const keys = [current, ...older.map(ringKey)];
  return { current, keys: new Map(keys.map((key) => [key.kid, key])) };
};
