import type { Caller } from '../core/caller.ts';
import type { TokenRequest } from '../core/requests.ts';
import type { Secret } from '../core/secret.ts';
import type { DeliverySettings, NotifierSettings } from '../delivery/settings.ts';

/** Credentials that are kept fresh under a name. */
export interface Lease {
  readonly name: string;
  readonly account: string;
  readonly request: TokenRequest<'AssumeRole' | 'GetFederationToken'>;
  readonly deliveries: readonly DeliverySettings[];
  /** A token that its readers may present in place of a proof of their own. */
  readonly readToken?: Secret;
}

/** Everything that the configuration says of leases. */
export interface LeaseSettings {
  readonly leases: ReadonlyMap<string, Lease>;
  /** Who is told that a lease is failing. */
  readonly notify: readonly NotifierSettings[];
}

/** The caller in whose name leases are refreshed, for grants to name. */
export const leaseCaller = 'leases';

/** Who asks for a lease's credentials: the service itself, for this lease. */
export const leaseCallerOf = ({ name }: Pick<Lease, 'name'>) =>
  ({ name: leaseCaller, proof: 'lease', claims: { sub: name } }) as const satisfies Caller;
