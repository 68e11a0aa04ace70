import { connect } from 'node:net';
import type { LocalAccess } from '../../lib/laptop/local-state.ts';
import { usage } from './report.ts';
import { plainRequest, signedRequest } from './requests.ts';

/** What a signed request needs. */
export type LoadAccess = Pick<LocalAccess, 'accessKey' | 'roles'>;

/** A number of requests over a number of connections, each kept open and carrying one request at a time. */
export interface Load {
  readonly url: string;
  readonly connections: number;
  readonly count: number;
  /** Signs an AssumeRole for each request with this key; absent sends plain JSON. */
  readonly access?: LoadAccess;
  /** Sent as it is, each time, in place of the other two. */
  readonly text?: string;
}

export interface LoadResult {
  /** By the clock, in milliseconds. */
  readonly elapsed: number;
  /** Processor time of this process meanwhile, in milliseconds. */
  readonly processor: number;
  /** Bytes of one body. */
  readonly bodyBytes: number;
  /** How long answers took, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const headEnd = Buffer.from('\r\n\r\n');

/** Sends requests one after another until `next` has no more; fails at any answer that is not a 200. */
const speak = (url: URL, next: () => Buffer | undefined, took: (milliseconds: number) => void): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname);
    socket.setNoDelay(true);
    let pending: Buffer<ArrayBufferLike> = Buffer.alloc(0);
    let bodyBytes = 0;
    let sentAt = 0;
    const send = (): void => {
      const request = next();
      sentAt = performance.now();
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
      took(performance.now() - sentAt);
      send();
    });
    socket.on('error', reject);
    socket.on('connect', send);
  });

const run = async ({ url, connections, count, access, text }: Load): Promise<LoadResult> => {
  const to = new URL(url);
  // All requests are signed before the clock runs, so that this process is not what is measured.
  const same = text === undefined ? undefined : Buffer.from(text);
  const requests = Array.from({ length: count }, (_, index) => {
    if (same !== undefined) return same;
    return access === undefined ? plainRequest(to.host, index) : signedRequest(to.host, access, index);
  });
  const latencies: number[] = [];
  let sent = 0;
  const next = (): Buffer | undefined => requests[sent++];
  const before = usage().processor;
  const began = performance.now();
  const bodies = await Promise.all(
    Array.from({ length: connections }, () => speak(to, next, (one) => latencies.push(one))),
  );
  const elapsed = performance.now() - began;
  const processor = usage().processor - before;
  latencies.sort((one, other) => one - other);
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { elapsed, processor, bodyBytes: bodies[0] ?? 0, p50: at(0.5), p99: at(0.99) };
};

process.on('message', (load: Load) => {
  void run(load).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
process.send?.({});
