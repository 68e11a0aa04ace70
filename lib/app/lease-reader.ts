import { byLeaseToken } from '../auth/keys/by-lease-token.ts';
import { leaseReader } from '../leases/read.ts';
import type { LeaseReaderFactory } from './function-spec.ts';

/** The reader of the configuration's leases. A function whose spec does not name it does not carry it. */
export const leaseReaderFactory: LeaseReaderFactory = ({ leases }, store) => ({
  reader: leaseReader(leases, store),
  readToken: byLeaseToken(
    new Map(
      [...leases.leases].flatMap(([name, { readToken }]) => (readToken === undefined ? [] : [[name, readToken]])),
    ),
  ),
});
