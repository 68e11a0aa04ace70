import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { boundedWriter } from '../../lib/app/bounded-writer.ts';

/** A stream whose reader takes nothing until it is told to. */
const openStream = () => {
  const taken: string[] = [];
  let isReading = false;
  let goOn = (): void => undefined;
  const stream = new Writable({
    decodeStrings: false,
    highWaterMark: 1,
    write: (piece: string, _encoding, done) => {
      taken.push(piece);
      if (isReading) done();
      else goOn = done;
    },
  });
  const read = async (): Promise<void> => {
    isReading = true;
    goOn();
    await new Promise((turned) => setImmediate(turned));
  };
  return { stream, taken, read };
};

it('keeps what fits for a reader that stops, drops what does not, and then says how much', async () => {
  const { stream, taken, read } = openStream();
  const dropped: number[] = [];
  const write = boundedWriter(stream, (count) => dropped.push(count), 10);
  for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) write(line);
  expect(dropped).toEqual([]);
  await read();
  expect({ taken, dropped }).toEqual({ taken: ['one\n', 'two\n'], dropped: [2] });
  write('five\n');
  expect({ taken: taken.at(-1), dropped }).toEqual({ taken: 'five\n', dropped: [2] });
});

it('outlives a reader that goes away', async () => {
  const { stream } = openStream();
  const write = boundedWriter(stream, () => undefined);
  stream.destroy(new Error('EPIPE'));
  await new Promise((turned) => setImmediate(turned));
  write('one\n');
  expect(stream.destroyed).toBe(true);
});
