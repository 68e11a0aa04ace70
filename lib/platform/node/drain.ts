import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../core/clock.ts';

/** Closes a server; resolves to whether everything was answered in time. Both times are in milliseconds. */
export type Drain = (noticeMs: number, maxMs: number) => Promise<boolean>;

/** How long connections may still send a first or a last request after the port is closed. */
const lingerMs = 500;

/** How long it may take to accept the connections that wait when the port is to be closed: at most 511, by default. */
const maxAcceptMs = 5_000;

/**
 * Lets a server be closed without cutting off anyone: it goes on serving for the notice, then accepts no more
 * connections and lets each of those that are open finish its answers. What is not done when the time is over is cut.
 *
 * @example
 * const drain = drainable(server, sleep);
 * const inTime = await drain(2_000, 20_000);
 */
export const drainable = (server: Server, sleep: Clock['sleep']): Drain => {
  const inFlight = new Map<ServerResponse, Duplex>();
  /** Of each connection, the answer to the last of its requests. */
  const newest = new WeakMap<Duplex, ServerResponse>();
  const told = new Set<ServerResponse>();
  let draining = false;
  let closing = false;

  /** A kept connection would bring one request after another: it is told that this answer is its last. */
  const tellLast = (response: ServerResponse): void => {
    if (!response.shouldKeepAlive || response.headersSent) return;
    response.shouldKeepAlive = false;
    told.add(response);
  };

  server.prependListener('request', ({ socket }, response: ServerResponse) => {
    const before = newest.get(socket);
    // The answers to requests that were sent behind one another: node:http closes behind the one that says so.
    if (before !== undefined && told.delete(before) && !before.headersSent) before.shouldKeepAlive = true;
    inFlight.set(response, socket);
    newest.set(socket, response);
    if (draining) tellLast(response);
    response.once('close', () => {
      inFlight.delete(response);
      told.delete(response);
      if (closing) server.closeIdleConnections();
    });
  });

  return async (noticeMs, maxMs) => {
    const deadline = performance.now() + maxMs;
    const leftMs = (): number => Math.max(0, deadline - performance.now());
    draining = true;
    for (const [response, socket] of inFlight) if (newest.get(socket) === response) tellLast(response);
    await sleep(Math.min(noticeMs, maxMs));
    const closed = once(server, 'close');
    await acceptWaiting(server, Math.min(maxAcceptMs, leftMs()));
    // The close of node:http would reset connections that were accepted and whose request is still on its way.
    NetServer.prototype.close.call(server);
    await Promise.race([closed, sleep(Math.min(lingerMs, leftMs()))]);
    closing = true;
    await turn();
    server.closeIdleConnections();
    const done = new AbortController();
    const inTime = await Promise.race([closed.then(() => true), sleep(leftMs(), done.signal).then(() => false)]);
    done.abort();
    if (!inTime) {
      server.closeAllConnections();
      await closed;
    }
    return inTime;
  };
};

/** Resolves when the event loop has looked once for what has come. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** As much of what listens for a server as is used here; node:net has no other way to say it again. */
interface Listening {
  readonly _handle?: { listen?(backlog: number): unknown } | null;
}

/**
 * Accepts the connections that wait, as closing the port resets them, and lets the system take no more into its queue:
 * who comes now is not answered until the port is closed, and then refused. Node accepts one in each turn of its loop, so
 * this resolves right after the first turn that found none, or when the time is over.
 */
const acceptWaiting = async (server: Server & Listening, maxMs: number): Promise<void> => {
  const until = performance.now() + maxMs;
  let came = true;
  const note = (): void => {
    came = true;
  };
  server.on('connection', note);
  server._handle?.listen?.(0);
  while (came && performance.now() < until) {
    came = false;
    await turn();
  }
  server.off('connection', note);
};
