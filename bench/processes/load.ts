import { connect } from 'node:net';
import type { LocalAccess } from '../../lib/laptop/household.ts';
import { usage } from './report.ts';
import { plainRequest, signedRequest } from './requests.ts';

/** So many requests over so many connections, each kept open and carrying one request at a time. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly count: number;
  /** Signs an AssumeRole for each request with this key; plain JSON where it is absent. */
  readonly access?: LocalAccess;
}

export interface LoadResult {
  /** By the clock, in milliseconds. */
  readonly elapsed: number;
  /** Processor time of this process meanwhile, in milliseconds. */
  readonly processor: number;
  /** Bytes of one body. */
  readonly bodyBytes: number;
}

const headEnd = Buffer.from('\r\n\r\n');

/** Sends requests one after another until `next` has no more; fails at any answer that is not a 200. */
const speak = (url: URL, next: () => Buffer | undefined): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.setNoDelay(true);
    let pending: Buffer<ArrayBufferLike> = Buffer.alloc(0);
    let bodyBytes = 0;
    const send = (): void => {
      const request = next();
      if (request === undefined) socket.end(() => resolve(bodyBytes));
      else socket.write(request);
    };
    socket.on('data', (piece) => {
      pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
      const end = pending.indexOf(headEnd);
      if (end < 0) return;
      const head = pending.toString('latin1', 0, end);
      bodyBytes = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      if (pending.length < end + 4 + bodyBytes) return;
      if (!head.startsWith('HTTP/1.1 200 ')) {
        socket.destroy(new Error(pending.toString('utf8')));
        return;
      }
      pending = Buffer.alloc(0);
      send();
    });
    socket.on('error', reject);
    socket.on('connect', send);
  });

const run = async ({ url, connections, count, access }: Load): Promise<LoadResult> => {
  const to = new URL(url);
  // All is written and signed before the clock runs: this process must not be what is measured.
  const requests = Array.from({ length: count }, (_, index) =>
    access === undefined ? plainRequest(to.host, index) : signedRequest(to.host, access, index),
  );
  let sent = 0;
  const next = (): Buffer | undefined => requests[sent++];
  const before = usage().processor;
  const began = performance.now();
  const bodies = await Promise.all(Array.from({ length: connections }, () => speak(to, next)));
  return { elapsed: performance.now() - began, processor: usage().processor - before, bodyBytes: bodies[0] ?? 0 };
};

process.on('message', (load: Load) => {
  void run(load).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
process.send?.({});
