import { byLeaseToken } from '../auth/keys/by-lease-token.ts';
import type { Config } from '../config/load.ts';
import type { Store } from '../core/store.ts';
import { leaseReader } from '../leases/read.ts';
import type { LeaseReaderFactory } from './compose.ts';

/** The place where leases are read. A function that does not name it does not carry it. */
export const leaseReaderFactory: LeaseReaderFactory = ({ leases }: Config, store: Store) => ({
  reader: leaseReader(leases, store),
  readToken: byLeaseToken(
    new Map(
      [...leases.leases].flatMap(([name, { readToken }]) => (readToken === undefined ? [] : [[name, readToken]])),
    ),
  ),
});
