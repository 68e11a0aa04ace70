import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is wrong with a service: it refuses, says nothing, says nonsense, breaks off in its answer, or says too much. */
type Fault = 'refuses' | 'hangs' | 'rubbish' | 'breaks off' | 'floods';

/** Every one, in the order in which trials have them. */
export const faults: readonly Fault[] = ['refuses', 'hangs', 'rubbish', 'breaks off', 'floods'];

/** A request as a stand-in got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What a service says; a text is the body of a 200. */
export type Answer = string | { readonly status: number; readonly body: string };

/** A service on this machine that does as it is told. */
export interface StandIn {
  readonly url: string;
  /** Absent: it is well. */
  fault: Fault | undefined;
  /** What it took, while it was well. */
  readonly taken: readonly Received[];
  /** How many requests came, well or not. */
  readonly came: number;
  close(): Promise<void>;
}

/** Longer than anybody should read. */
const floodBytes = 64 * 1024 * 1024;

/** A service that answers like this while it is well. */
export const openStandIn = async (answer: (request: Received) => Answer): Promise<StandIn> => {
  const taken: Received[] = [];
  let fault: Fault | undefined;
  let came = 0;
  const server = createServer(async (message, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of message) pieces.push(piece as Buffer);
    const request = {
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      body: Buffer.concat(pieces).toString('utf8'),
    };
    came++;
    const json = { 'content-type': 'application/json' };
    if (fault === undefined) {
      taken.push(request);
      const said = answer(request);
      const { status, body } = typeof said === 'string' ? { status: 200, body: said } : said;
      response.writeHead(status, { ...json, etag: '"of what was sent"' }).end(body);
    } else if (fault === 'refuses') response.writeHead(503, json).end('{}');
    else if (fault === 'rubbish') response.writeHead(200, json).end('<html>Sign in to this network</html>');
    else if (fault === 'breaks off') {
      response.writeHead(200, { ...json, 'content-length': '100' }).write('{"half');
      setImmediate(() => response.destroy());
    } else if (fault === 'floods') {
      response.writeHead(200, json);
      const piece = Buffer.alloc(1024 * 1024, 0x20);
      response.on('error', () => undefined);
      for (let sent = 0; sent < floodBytes && !response.destroyed; sent += piece.length) {
        if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
      }
      response.end('{}');
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get fault() {
      return fault;
    },
    set fault(next) {
      fault = next;
    },
    taken,
    get came() {
      return came;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};
