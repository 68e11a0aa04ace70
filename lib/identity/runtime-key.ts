import { carried } from '../core/carried.ts';
import { StsError } from '../core/errors.ts';
import type { Transport } from '../core/transport.ts';
import { fetchFromContainer } from './fetch-container.ts';
import { fetchFromInstance } from './fetch-instance.ts';
import { fetchByWebIdentity } from './fetch-web-identity.ts';
import { type CurrentKey, type RenewableKey, renewed } from './renewed.ts';
import type { RuntimeIdentity } from './runtime-identity.ts';

/** What an identity is obtained with. */
export interface IdentityDeps {
  readonly transport: Transport;
  readonly now: () => Date;
}

/** An identity that is asked for elsewhere than in the environment. */
type FetchedIdentity = Exclude<RuntimeIdentity, { readonly kind: 'environment' }>;

type Fetch<Identity> = (identity: Identity, deps: IdentityDeps, signal: AbortSignal) => Promise<RenewableKey>;

/** A function is built without those that its platform does not have. */
const fetchers: {
  readonly [Kind in FetchedIdentity['kind']]: Fetch<Extract<FetchedIdentity, { readonly kind: Kind }>>;
} = {
  container: fetchFromContainer,
  webIdentity: fetchByWebIdentity,
  instance: fetchFromInstance,
};

/** The current key of the identity that this process has of its platform. Rejects with an StsError if there is none. */
export const runtimeKey = (identity: RuntimeIdentity, { transport, now }: IdentityDeps): CurrentKey => {
  if (identity.kind === 'environment') {
    return async () => {
      const key = identity.read();
      if (key === undefined) throw new StsError('Misconfigured', 'The environment has no key any more.');
      return key;
    };
  }
  // The type of the table pairs kind and identity; a lookup by a union of kinds loses that.
  const fetch = carried(fetchers[identity.kind] as Fetch<FetchedIdentity>, `identities of the kind ${identity.kind}`);
  return renewed((signal) => fetch(identity, { transport, now }, signal), now);
};
