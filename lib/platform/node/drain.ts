import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Clock } from '../../core/clock.ts';

/** Closes a server; resolves to whether everything was answered in time. Both times are in milliseconds. */
export type Drain = (noticeMs: number, maxMs: number) => Promise<boolean>;

/** How long connections may still send a first or a last request after the port is closed. */
const lingerMs = 500;

/**
 * Lets a server be closed without cutting off anyone: it goes on serving for the notice, then accepts no more
 * connections and lets each of those that are open finish its answer. What is not done when the time is over is cut.
 *
 * @example
 * const drain = drainable(server, sleep);
 * const inTime = await drain(2_000, 20_000);
 */
export const drainable = (server: Server, sleep: Clock['sleep']): Drain => {
  const inFlight = new Set<ServerResponse>();
  let draining = false;
  let closing = false;
  server.prependListener('request', (_message, response: ServerResponse) => {
    inFlight.add(response);
    // A kept-alive connection would bring one request after another: each is told that this answer is its last.
    if (draining) response.shouldKeepAlive = false;
    response.once('close', () => {
      inFlight.delete(response);
      if (closing) server.closeIdleConnections();
    });
  });

  return async (noticeMs, maxMs) => {
    const deadline = performance.now() + maxMs;
    draining = true;
    for (const response of inFlight) response.shouldKeepAlive = false;
    await sleep(Math.min(noticeMs, maxMs));
    const closed = once(server, 'close');
    // The close of node:http would reset connections that were accepted and whose request is still on its way.
    NetServer.prototype.close.call(server);
    await Promise.race([closed, sleep(Math.min(lingerMs, Math.max(0, deadline - performance.now())))]);
    closing = true;
    server.closeIdleConnections();
    const done = new AbortController();
    const inTime = await Promise.race([
      closed.then(() => true),
      sleep(deadline - performance.now(), done.signal).then(() => false),
    ]);
    done.abort();
    if (!inTime) {
      server.closeAllConnections();
      await closed;
    }
    return inTime;
  };
};
