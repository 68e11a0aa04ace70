import type { Writable } from 'node:stream';

/** What may wait for the reader of a stream, in bytes of text. */
const maxWaitingBytes = 1024 * 1024;

/**
 * Writes lines to a stream whose reader may stop, or go away, as a collector of logs does whose disk is full: what does not
 * fit is dropped and counted, and `dropped` is told how many lines were once there is room again. Never waits, never throws.
 *
 * @example
 * const write = boundedWriter(process.stderr, (count) => log('warn', 'lines were dropped', { count }));
 */
export const boundedWriter = (
  stream: Writable,
  dropped: (count: number) => void,
  maxBytes = maxWaitingBytes,
): ((line: string) => void) => {
  let lost = 0;
  // Without a listener the event would end the process.
  stream.on('error', () => undefined);
  const tell = (): void => {
    if (lost === 0) return;
    const count = lost;
    lost = 0;
    dropped(count);
  };
  stream.on('drain', tell);
  return (line) => {
    if (!stream.writable || stream.writableLength + line.length > maxBytes) lost++;
    else stream.write(line);
  };
};
