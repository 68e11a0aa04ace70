import type { Writable } from 'node:stream';
import type { Sink } from '../sink.ts';

/** Lines to a stream, for instance standard output. A line is written when the stream has handed it on. */
export const streamSink = (stream: Writable): Sink => {
  // The next write reports that the reader is gone; without a listener the event would end the process.
  stream.on('error', () => undefined);
  return {
    write: (lines) =>
      new Promise((resolve, reject) => {
        if (!stream.writable) reject(new Error('The audit stream is closed.'));
        else stream.write(`${lines.join('\n')}\n`, (error) => (error ? reject(error) : resolve()));
      }),
  };
};
