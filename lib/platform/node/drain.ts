import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { sleep } from '../../app/sleep.ts';

/** Closes a server; resolves to whether everything was answered in time. Both times are in milliseconds. */
export type Drain = (notice: number, most: number) => Promise<boolean>;

/**
 * A server that can be closed without cutting anybody off: it goes on serving for the notice, then takes no more
 * connections and lets those that it has finish their one answer. What is not done when the time is over is cut.
 */
export const drainable = (server: Server): Drain => {
  const underWay = new Set<ServerResponse>();
  let leaving = false;
  server.prependListener('request', (_message, response: ServerResponse) => {
    underWay.add(response);
    // Kept connections would bring request after request; each is told that this answer is its last.
    if (leaving) response.shouldKeepAlive = false;
    response.once('close', () => {
      underWay.delete(response);
      if (!server.listening) server.closeIdleConnections();
    });
  });

  return async (notice, most) => {
    const over = performance.now() + most;
    leaving = true;
    for (const response of underWay) response.shouldKeepAlive = false;
    await sleep(Math.min(notice, most));
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    const done = new AbortController();
    const inTime = await Promise.race([
      closed.then(() => true),
      sleep(over - performance.now(), done.signal).then(() => false),
    ]);
    done.abort();
    if (!inTime) {
      server.closeAllConnections();
      await closed;
    }
    return inTime;
  };
};
