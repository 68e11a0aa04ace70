import { byLeaseToken } from '../auth/keys/by-lease-token.ts';
import { leaseReader } from '../leases/read.ts';
import type { LeaseReaderFactory } from './function-spec.ts';
import { leaseShape } from './lease-shape.ts';

/** The reader of the configuration's leases. A function whose spec does not name it does not carry it. */
export const leaseReaderFactory: LeaseReaderFactory = (config, store, rules) => ({
  reader: leaseReader(config.leases, store, leaseShape(config, rules)),
  readToken: byLeaseToken(
    new Map(
      [...config.leases.leases].flatMap(([name, { readToken }]) =>
        readToken === undefined ? [] : [[name, readToken]],
      ),
    ),
  ),
});
