import { byReadToken } from '../access/callers/read-token.ts';
import type { Config } from '../config/config.ts';
import { leaseDesk } from '../leases/desk.ts';
import type { Store } from '../sts/store.ts';
import type { LeaseCounter } from './rooms.ts';

/** The place where leases are read. A function that does not name it does not carry it. */
export const leaseCounter: LeaseCounter = ({ leases }: Config, store: Store) => ({
  desk: leaseDesk(leases, store),
  readToken: byReadToken(
    new Map(
      [...leases.leases].flatMap(([name, { readToken }]) => (readToken === undefined ? [] : [[name, readToken]])),
    ),
  ),
});
