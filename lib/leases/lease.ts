import type { TokenRequest } from '../core/requests.ts';
import type { Secret } from '../core/secret.ts';
import type { DeliverySettings, NotifierSettings } from '../delivery/settings.ts';

/** Credentials that are kept fresh under a name. */
export interface Lease {
  readonly name: string;
  readonly account: string;
  readonly request: TokenRequest<'AssumeRole' | 'GetFederationToken'>;
  readonly deliveries: readonly DeliverySettings[];
  /** What readers may show instead of a proof of their own. */
  readonly readToken?: Secret;
}

/** All that the configuration says of leases. */
export interface LeaseSettings {
  readonly leases: ReadonlyMap<string, Lease>;
  /** Who hears that a lease is failing. */
  readonly notify: readonly NotifierSettings[];
}

/** The name by which grants know the house itself, where it keeps leases fresh. */
export const leaseCaller = 'leases';
