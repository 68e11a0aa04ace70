import { Secret } from '../../core/secret.ts';
import type { Store } from '../../core/store.ts';
import { openDataKey } from '../../stores/data-key.ts';
import { keyring } from '../../stores/seal/keyring.ts';
import { sealed } from '../../stores/sealed.ts';
import type { Sealing, SealingKey } from '../../stores/settings.ts';
import { awsDepsOf } from '../aws-deps.ts';
import type { StoreDeps } from './store-opener.ts';

/** Seals what a store keeps by its settings. Keys that KMS keeps are decrypted there, once. */
export const withSeal = async <Closable extends Store>(
  store: Closable,
  settings: Sealing,
  deps: StoreDeps,
): Promise<Closable> => {
  const aws = awsDepsOf(settings.aws, deps);
  const open = async (key: SealingKey): Promise<Secret> => (key instanceof Secret ? key : openDataKey(key, aws));
  const [first, ...older] = settings.sealingKeys;
  const ring = keyring(await open(first), ...(await Promise.all(older.map(open))));
  return { ...store, ...sealed(store, ring, deps.now) };
};
