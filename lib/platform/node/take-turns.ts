import type { Duplex } from 'node:stream';
import { turn } from './turn.ts';

/** Does work for a connection once what it asked for before is done. */
export type TakeTurns = (connection: Duplex, work: () => Promise<void>) => Promise<void>;

/**
 * Answers the requests that a connection has sent behind one another one by one, and the other connections in between:
 * one that sends thousands delays only itself.
 *
 * @example
 * const inTurn = takeTurns();
 * await inTurn(message.socket, () => serve(message, response));
 */
export const takeTurns = (): TakeTurns => {
  const last = new WeakMap<Duplex, Promise<void>>();
  const afterOthers = async (before: Promise<void>, work: () => Promise<void>): Promise<void> => {
    await before;
    await turn();
    await work();
  };
  return async (connection, work) => {
    const before = last.get(connection);
    const mine = before === undefined ? work() : afterOthers(before, work);
    last.set(connection, mine);
    await mine;
    if (last.get(connection) === mine) last.delete(connection);
  };
};
