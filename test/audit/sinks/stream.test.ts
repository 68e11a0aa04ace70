import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { streamSink } from '../../../lib/audit/sinks/stream.ts';

describe('a stream', () => {
  it('gets each line with its end', async () => {
    const stream = new PassThrough();
    await streamSink(stream).write(['{"a":1}', '{"b":2}']);

    expect(String(stream.read())).toBe('{"a":1}\n{"b":2}\n');
  });

  it('has written when its reader has taken it', async () => {
    const taken: (() => void)[] = [];
    const slow = new Writable({ write: (_chunk, _encoding, done) => void taken.push(done) });
    let done = false;
    const written = streamSink(slow)
      .write(['x'])
      .then(() => {
        done = true;
      });
    await new Promise((resolve) => setImmediate(resolve));

    expect(done).toBe(false);
    taken[0]?.();
    await written;
  });

  it('rejects when the reader is gone, and does not end the process', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    const sink = streamSink(broken);

    await expect(sink.write(['x'])).rejects.toThrow('EPIPE');
    await expect(sink.write(['y'])).rejects.toThrow('closed');
  });
});
