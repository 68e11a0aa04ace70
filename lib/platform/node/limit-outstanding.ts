import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Requests of one connection that may wait for their answers. No client of a cloud pipelines as many. */
const maxOutstanding = 64;

/**
 * Closes a connection that sends requests without reading the answers: what it has outstanding would fill the memory and
 * delay the others.
 */
export const limitOutstanding = (server: Server, max = maxOutstanding): void => {
  const outstanding = new WeakMap<Duplex, number>();
  server.prependListener('request', ({ socket }, response: ServerResponse) => {
    const count = (outstanding.get(socket) ?? 0) + 1;
    outstanding.set(socket, count);
    response.once('close', () => outstanding.set(socket, (outstanding.get(socket) ?? 1) - 1));
    if (count > max) socket.destroy();
  });
};
