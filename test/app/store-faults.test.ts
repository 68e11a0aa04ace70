import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { createApp } from '../../lib/app/create-app.ts';
import { dropInSpec } from '../../lib/app/drop-in-spec.ts';
import { processDeps } from '../../lib/app/process-deps.ts';
import { readConfig } from '../../lib/config/load.ts';
import { unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { LogFields } from '../../lib/telemetry/log.ts';
import { freePort } from '../support/redis-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What a process logs whose store is asked three times. */
const linesOf = async (store: object): Promise<readonly object[]> => {
  const lines: object[] = [];
  const environment = { SEAL: 'a seal of more than thirty-two characters', PASSWORD: 'hunter2' };
  const config = readConfig(
    { store: { kind: 'redis', sealingKeys: ['env:SEAL'], ...store } },
    { folder: tmpdir(), environment },
  );
  const log = (_level: string, event: string, fields: LogFields = {}) => void lines.push({ event, ...fields });
  const audit = unlimitedAuditLog(async () => undefined);
  const app = await createApp(dropInSpec(), config, { ...processDeps(log), audit });
  closing.push(() => app.close());
  for (let asked = 0; asked < 3; asked++) await app.store.get('one');
  expect(JSON.stringify(lines)).not.toContain('hunter2');
  return lines;
};

/** A server that answers every message in the same way. */
const answering = async (answer: (socket: Socket) => unknown): Promise<number> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined).on('data', () => answer(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
};

const fault = (event: string, port: number, cause: string, host = '127.0.0.1', more: object = {}) => [
  { event, store: `redis, ${host}:${port}`, cause, ...more },
];
const down = 'the store does not answer';

describe('a store that does not do what it is asked', () => {
  it('is logged once, with the cause: nothing listens there', async () => {
    const port = await freePort();
    const cause = 'the connection was refused: nothing listens there (ECONNREFUSED)';
    expect(await linesOf({ url: `redis://127.0.0.1:${port}` })).toEqual(fault(down, port, cause));
  });

  it('is logged once, with the cause: it speaks no TLS', async () => {
    const port = await answering((socket) => socket.write('-ERR Protocol error\r\n'));
    expect(await linesOf({ url: `rediss://127.0.0.1:${port}` })).toEqual(
      fault(down, port, 'TLS was spoken to a port that speaks plain text'),
    );
  });

  it('is logged once, with the cause: it is silent', async () => {
    const port = await answering(() => undefined);
    expect(await linesOf({ url: `redis://127.0.0.1:${port}`, timeoutMilliseconds: 50 })).toEqual(
      fault(down, port, 'no answer before the deadline', '127.0.0.1', { afterMs: 50 }),
    );
  });

  it.each([
    ['WRONGPASS invalid username-password pair or user is disabled.', 'the server refused the password (WRONGPASS)'],
    ['LOADING Redis is loading the dataset in memory', 'the server is still loading its data (LOADING)'],
    ['OOM command not allowed', 'the server is out of memory (OOM)'],
  ])('is logged once, with the answer of Redis: %s', async (text, cause) => {
    const port = await answering((socket) => socket.write(`-${text}\r\n`));
    const [line, ...more] = await linesOf({ url: `redis://127.0.0.1:${port}`, password: 'env:PASSWORD' });
    expect(more).toEqual([]);
    expect(line).toMatchObject({ store: `redis, 127.0.0.1:${port}`, cause });
  });
});
