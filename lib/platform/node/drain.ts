import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../core/clock.ts';
import { deferred } from '../../core/deferred.ts';
import { turn } from './turn.ts';

/** Closes a server; resolves to whether everything was answered in time. Both times are in milliseconds. */
export type Drain = (noticeMs: number, maxMs: number) => Promise<boolean>;

/** Whether a server begins to answer the requests that come. */
export interface Hold {
  /** Present while it does not. */
  over?: Promise<void> | undefined;
}

/** How long connections may still send a first or a last request after the port is closed. */
const lingerMs = 500;

/** How long requests are held back at most while the port is about to be closed. */
const maxAcceptMs = 1_000;

/** As long as who was answered just before takes to connect again. */
const quietMs = 200;

/** Between two looks while none comes. */
const turnMs = 5;

/**
 * Lets a server be closed without cutting off anyone: it goes on serving for the notice, then accepts no more
 * connections and lets each of those that are open finish its answers. What is not done when the time is over is cut.
 *
 * @example
 * const hold: Hold = {};
 * const server = nodeServer({}, app.answer, { hold });
 * const drain = drainable(server, sleep, hold);
 * const inTime = await drain(2_000, 20_000);
 */
export const drainable = (server: Server, sleep: Clock['sleep'], hold: Hold): Drain => {
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

  /**
   * Closes the port once no connection waits to be accepted, as closing it resets those. Meanwhile no request is begun:
   * who has an answer connects again.
   */
  const closePort = async (maxMs: number): Promise<void> => {
    const { promise, resolve } = deferred();
    hold.over = promise;
    await acceptWaiting(server, maxMs, sleep);
    // The close of node:http would reset connections that were accepted and whose request is still on its way.
    NetServer.prototype.close.call(server);
    hold.over = undefined;
    resolve();
  };

  return async (noticeMs, maxMs) => {
    const deadline = performance.now() + maxMs;
    const leftMs = (): number => Math.max(0, deadline - performance.now());
    draining = true;
    for (const [response, socket] of inFlight) if (newest.get(socket) === response) tellLast(response);
    await sleep(Math.min(noticeMs, maxMs));
    const closed = once(server, 'close');
    await closePort(Math.min(maxAcceptMs, leftMs()));
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

/**
 * Accepts what waits, one connection in each turn of the loop as Node does. Resolves right after a turn that found none,
 * once none has come for a while, or when the time is over.
 */
const acceptWaiting = async (server: Server, maxMs: number, sleep: Clock['sleep']): Promise<void> => {
  const until = performance.now() + maxMs;
  let cameAt = performance.now();
  let isFound = false;
  const note = (): void => {
    cameAt = performance.now();
    isFound = true;
  };
  server.on('connection', note);
  while (performance.now() < until) {
    isFound = false;
    await turn();
    if (isFound) continue;
    if (performance.now() - cameAt >= quietMs) break;
    await sleep(turnMs);
  }
  server.off('connection', note);
};
