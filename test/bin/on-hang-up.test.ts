import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { onHangUp } from '../../bin/on-hang-up.ts';

const turn = () => new Promise((turned) => setImmediate(turned));

const open = () => {
  const process = new EventEmitter();
  const { begin } = onHangUp(process);
  const acts: (() => void)[] = [];
  return {
    signal: () => process.emit('SIGHUP'),
    begin: () => begin(() => new Promise((done) => acts.push(done))),
    acts,
  };
};

it('a signal that comes early is heeded once something can be done, and none asks for nothing', async () => {
  const { signal, begin, acts } = open();
  expect(signal()).toBe(true);
  begin();
  expect(acts).toHaveLength(1);
  const other = open();
  other.begin();
  expect(other.acts).toHaveLength(0);
});

it('signals that come while one is heeded ask once more, after it', async () => {
  const { signal, begin, acts } = open();
  begin();
  signal();
  signal();
  signal();
  expect(acts).toHaveLength(1);
  acts[0]?.();
  await turn();
  expect(acts).toHaveLength(2);
  acts[1]?.();
  await turn();
  signal();
  expect(acts).toHaveLength(3);
});
