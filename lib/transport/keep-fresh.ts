import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * A connection that was idle for longer may be dead without our knowing: a function is frozen between requests, and what
 * stands between it and the cloud forgets idle connections.
 */
const maxIdleMs = 5_000;

/** An agent whose connections are not reused after they were idle for long. */
export interface FreshAgent<Kept extends Agent> {
  readonly agent: Kept;
  /** To be called before each request: a timer would come too late, as the request that thaws a function comes before it. */
  dropIdle(): void;
}

export const keepFresh = <Kept extends Agent>(agent: Kept, monotonicMs: () => number): FreshAgent<Kept> => {
  const idleSince = new WeakMap<Duplex, number>();
  agent.on('free', (socket: Duplex) => idleSince.set(socket, monotonicMs()));
  return {
    agent,
    dropIdle: () => {
      for (const sockets of Object.values(agent.freeSockets)) {
        for (const socket of sockets ?? []) {
          if (monotonicMs() - (idleSince.get(socket) ?? 0) > maxIdleMs) socket.destroy();
        }
      }
    },
  };
};
