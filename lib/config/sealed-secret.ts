import { Secret } from '../core/secret.ts';
import type { Keyring } from '../stores/seal/keyring.ts';
import { open, seal } from '../stores/seal/seal.ts';

const prefix = 'sealed:';

/** For one key id: a secret that is put beside another id does not open. */
const place = (keyId: string): string => `caller key ${keyId}`;

/** A caller's secret as it may stand in a configuration file: closed under the configuration's own keys. */
export const sealSecret = (ring: Keyring, keyId: string, secret: Secret): string =>
  prefix + seal(ring, place(keyId), Buffer.from(secret.reveal(), 'utf8'));

/** The secret that was closed for a key id; `undefined` where it is none, or under other keys. */
export const openSecret = (ring: Keyring, keyId: string, sealed: string): Secret | undefined => {
  const opened = sealed.startsWith(prefix) ? open(ring, place(keyId), sealed.slice(prefix.length)) : undefined;
  return opened === undefined ? undefined : new Secret(opened.value.toString('utf8'));
};
