import type { Writable } from 'node:stream';
import type { Sink } from '../sink.ts';

/** Lines to a stream, standard output for one. Written is what the stream has handed on. */
export const streamSink = (stream: Writable): Sink => {
  // A reader that went away is told to whoever writes next; unheard, the event would end the process.
  stream.on('error', () => undefined);
  return {
    write: (lines) =>
      new Promise((resolve, reject) => {
        if (!stream.writable) reject(new Error('The audit stream is closed.'));
        else stream.write(`${lines.join('\n')}\n`, (error) => (error ? reject(error) : resolve()));
      }),
  };
};
