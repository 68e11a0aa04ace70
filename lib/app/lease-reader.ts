import { byLeaseToken } from '../auth/keys/by-lease-token.ts';
import type { Config } from '../config/load.ts';
import type { Store } from '../core/store.ts';
import type { Rules } from '../grants/authorize.ts';
import { leaseReader } from '../leases/read.ts';
import type { LeaseReaderFactory } from './compose.ts';
import { leaseShape } from './lease-shape.ts';

/** The place where leases are read. A function that does not name it does not carry it. */
export const leaseReaderFactory: LeaseReaderFactory = (config: Config, store: Store, rules: Rules) => ({
  reader: leaseReader(config.leases, store, leaseShape(config, rules)),
  readToken: byLeaseToken(
    new Map(
      [...config.leases.leases].flatMap(([name, { readToken }]) =>
        readToken === undefined ? [] : [[name, readToken]],
      ),
    ),
  ),
});
