import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { causeOf } from '../../lib/core/cause.ts';
import { sqliteStore } from '../../lib/stores/sqlite.ts';
import { storeBreaker } from '../../lib/stores/store-breaker.ts';
import { virtualClock } from '../support/clock.ts';
import { stillClock, storeContract } from '../support/store-contract.ts';
import { race, startRacer } from '../support/store-processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newFolder = (): string => join(folder, String(files++));

storeContract('sqlite', {
  grain: 1,
  open: async () => {
    const place = newFolder();
    const clock = stillClock();
    const store = sqliteStore(join(place, 'store.sqlite'), clock.now);
    return {
      ...clock,
      store,
      // With the journal, where the newest of it stands.
      raw: async () =>
        readdirSync(place)
          .map((file) => readFileSync(join(place, file), 'latin1'))
          .join('\n'),
      close: store.close,
    };
  },
});

describe('a store in a file', () => {
  const open = () => {
    const path = join(newFolder(), 'store.sqlite');
    const clock = stillClock();
    return { path, clock, store: sqliteStore(path, clock.now), end: new Date(clock.now().getTime() + 60_000) };
  };

  it('outlives the process that wrote it', async () => {
    const { path, clock, store, end } = open();
    await store.put('key', 'value', end);
    await store.acquire('nonce', end);
    await store.consume('quota', 7, 10, end);
    await store.close();

    const again = sqliteStore(path, clock.now);
    expect(await again.get('key')).toBe('value');
    expect(await again.acquire('nonce', end)).toBe(false);
    expect(await again.consume('quota', 7, 10, end)).toBe(3);
    await again.close();
  });

  it('is for its owner alone, its journal too', async () => {
    const { path, store, end } = open();
    await store.put('key', 'value', end);
    const modes = readdirSync(join(path, '..')).map((file) => statSync(join(path, '..', file)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600]);
    await store.close();
  });

  it('does not grow with what has expired', async () => {
    const { path, clock, store } = open();
    for (let round = 0; round < 20; round++) {
      for (let index = 0; index < 500; index++) {
        await store.acquire(`${round} ${index}`, new Date(clock.now().getTime() + 1000));
      }
      await clock.pass(1000);
    }
    await store.close();
    const { rows } = new DatabaseSync(path).prepare('SELECT count(*) AS rows FROM entries').get() ?? {};
    expect(rows).toBeLessThan(1000);
  });

  it('cannot be opened if there is another kind of file', () => {
    const path = newFolder();
    writeFileSync(path, 'this is a note, and a rather long one, that somebody left here. '.repeat(50));
    expect(() => sqliteStore(path, () => new Date())).toThrow(`The store file ${path} cannot be opened`);
  });

  it('that was removed, or replaced, is the one that is there within a second, for every process', async () => {
    const path = join(newFolder(), 'store.sqlite');
    const clock = virtualClock();
    const refused: unknown[] = [];
    const breaker = storeBreaker(clock, {
      failed: () => undefined,
      refused: (thrown) => refused.push(causeOf(thrown)),
      answered: () => undefined,
    });
    const store = sqliteStore(path, clock.now, {}, breaker);
    const end = new Date(clock.now().getTime() + 60_000);
    await store.put('key', 'old', end);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file);
    const other = sqliteStore(path, clock.now);
    await clock.pass(1_000);
    expect(await store.get('key')).toBeUndefined();
    expect(refused).toEqual(['FileReplaced']);
    expect(await store.acquire('nonce', end)).toBe(true);
    expect(await other.acquire('nonce', end)).toBe(false);
    await clock.pass(1_000);
    expect(await store.acquire('nonce', end)).toBe(false);
    expect(refused).toHaveLength(1);
    await other.close();
    await store.close();
  });

  it('is left alone while another process has it locked, and used again after that', async () => {
    const path = join(newFolder(), 'store.sqlite');
    const clock = virtualClock();
    const breaker = storeBreaker(clock);
    const store = sqliteStore(path, clock.now, { busyTimeoutMs: 1 }, breaker);
    const end = new Date(clock.now().getTime() + 60_000);
    const other = new DatabaseSync(path);
    other.exec('BEGIN EXCLUSIVE');
    expect(await store.put('key', 'value', end)).toBe(false);
    expect(breaker.isOpen()).toBe(true);
    await clock.pass(500);
    expect(await store.put('key', 'value', end)).toBe(false);
    expect(breaker.isOpen()).toBe(true);
    other.exec('COMMIT');
    await clock.pass(1_000);
    expect(await store.get('key')).toBeUndefined();
    expect(breaker.isOpen()).toBe(false);
    expect(await store.put('key', 'value', end)).toBe(true);
    other.close();
    await store.close();
  });

  it('is down once it is closed: it forgets, keeps nothing and grants nothing', async () => {
    const { store, end } = open();
    await store.put('key', 'value', end);
    await store.close();
    expect(await store.get('key')).toBeUndefined();
    expect(await store.put('key', 'value', end)).toBe(false);
    expect(await store.acquire('nonce', end)).toBeUndefined();
    expect(await store.consume('quota', 1, 1, end)).toBeUndefined();
    expect(await store.release('nonce')).toBeUndefined();
    expect(await store.lock('key', end)).toBeUndefined();
    expect(await store.putAndUnlock('key', 'value', end)).toBe(false);
    expect(await store.unlock('key')).toBeUndefined();
  });

  it('is down for writing while another process will not let go, and for reading never', async () => {
    const { path, store, end } = open();
    await store.put('key', 'value', end);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    expect(await store.get('key')).toBe('value');
    expect(await store.acquire('nonce', end)).toBeUndefined();
    expect(await store.consume('quota', 1, 1, end)).toBeUndefined();
    other.exec('ROLLBACK');
    expect(await store.acquire('nonce', end)).toBe(true);
    expect(await store.consume('quota', 1, 1, end)).toBe(1);
    other.close();
    await store.close();
  });

  it('takes nothing more when it is full, until something expires', async () => {
    const clock = stillClock();
    const store = sqliteStore(join(newFolder(), 'store.sqlite'), clock.now, { maxBytes: 100_000 });
    const later = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds);
    await store.put('lasting', 'value', later(60_000));
    for (let index = 0; await store.put(`${index}`, 'x'.repeat(1000), later(1000)); index++)
      expect(index).toBeLessThan(100);
    expect(await store.put('big', 'x'.repeat(10_000), later(1000))).toBe(false);
    expect(await store.get('lasting')).toBe('value');
    expect(await store.get('0')).toBe('x'.repeat(1000));

    await clock.pass(1000);
    let attempts = 1;
    while (!(await store.put('big', 'x'.repeat(10_000), later(1000)))) expect(attempts++).toBeLessThan(200);
    expect(await store.get('lasting')).toBe('value');
    await store.close();
  });
});

describe('processes that share a file', () => {
  it('never have one claim twice, nor more of a quota than there is', async () => {
    const path = join(newFolder(), 'store.sqlite');
    const scores = await race({ kind: 'sqlite', path }, 4, 20);
    expect(scores.reduce((sum, { granted }) => sum + granted, 0)).toBe(100);
  });

  it('find what a process that was killed had claimed, and a file in order', async () => {
    const path = join(newFolder(), 'store.sqlite');
    const child = await startRacer({ kind: 'sqlite', path });
    const claimed: number[] = [];
    child.on('message', (message: { claimed: number }) => {
      claimed.push(message.claimed);
      if (claimed.length === 50) child.kill('SIGKILL');
    });
    const exit = once(child, 'exit');
    child.send('toil');
    expect((await exit)[1]).toBe('SIGKILL');

    const store = sqliteStore(path, () => new Date());
    const end = new Date(Date.now() + 60_000);
    for (const number of claimed) expect(await store.acquire(`toil ${number}`, end)).toBe(false);
    expect(await store.acquire(`toil ${(claimed.at(-1) ?? 0) + 1000}`, end)).toBe(true);
    await store.close();
    const database = new DatabaseSync(path);
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  });
});
