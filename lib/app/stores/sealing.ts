import { awsCredentials } from '../../aws/credentials.ts';
import type { AwsDeps } from '../../aws/json.ts';
import { Secret } from '../../core/secret.ts';
import type { Store } from '../../core/store.ts';
import { openDataKey } from '../../stores/data-key.ts';
import { keyring } from '../../stores/seal/keyring.ts';
import { sealed } from '../../stores/sealed.ts';
import type { Sealing, SealingKey } from '../../stores/settings.ts';
import type { StoreDeps } from '../store.ts';

/** What calls to AWS are made with; they fail where nobody said whose credentials to use. */
export const awsMeans = ({ aws }: Sealing, { transport, now }: StoreDeps): AwsDeps => ({
  transport,
  now,
  credentials:
    aws === undefined
      ? () => Promise.reject(new Error('There are no credentials.'))
      : awsCredentials(aws, transport, now),
});

/** Puts a store under the seal of its settings. Asks KMS for the keys that it keeps, once. */
export const underSeal = async <Closable extends Store>(
  store: Closable,
  settings: Sealing,
  deps: StoreDeps,
): Promise<Closable> => {
  const aws = awsMeans(settings, deps);
  const open = async (key: SealingKey): Promise<Secret> => (key instanceof Secret ? key : openDataKey(key, aws));
  const [first, ...older] = settings.sealingKeys;
  const ring = keyring(await open(first), ...(await Promise.all(older.map(open))));
  return { ...store, ...sealed(store, ring, deps.now) };
};
