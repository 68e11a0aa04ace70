import { StsError } from '../core/errors.ts';
import type { Transport } from '../core/transport.ts';
import { fetchFromContainer } from './fetch-container.ts';
import { fetchFromCvm, fetchFromEc2 } from './fetch-instance.ts';
import { fetchByWebIdentity } from './fetch-web-identity.ts';
import { type CurrentKey, type RenewableKey, renewed } from './renewed.ts';
import type { RuntimeIdentity } from './runtime-identity.ts';

/** What an identity is obtained with. */
export interface IdentityDeps {
  readonly transport: Transport;
  readonly now: () => Date;
}

/** The current key of the identity that this process has of its platform. Rejects with an StsError if there is none. */
export const runtimeKey = (identity: RuntimeIdentity, { transport, now }: IdentityDeps): CurrentKey => {
  if (identity.kind === 'environment') {
    return async () => {
      const key = identity.read();
      if (key === undefined) throw new StsError('Misconfigured', 'The environment has no key any more.');
      return key;
    };
  }
  const fetch = (signal: AbortSignal): Promise<RenewableKey> => {
    switch (identity.kind) {
      case 'container':
        return fetchFromContainer(identity, transport, signal);
      case 'webIdentity':
        return fetchByWebIdentity(identity, transport, now(), signal);
      case 'instance':
        return (identity.cloud === 'aws' ? fetchFromEc2 : fetchFromCvm)(identity.endpoint, transport, signal);
    }
  };
  return renewed(fetch, now);
};
