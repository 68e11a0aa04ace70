import type { Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { sleep } from '../../../lib/app/sleep.ts';
import type { Answerer } from '../../../lib/platform/answer.ts';
import { type Drain, drainable, type Hold } from '../../../lib/platform/node/drain.ts';
import { nodeServer } from '../../../lib/platform/node/node-server.ts';
import { dial, exchange, listen } from '../../support/raw-socket.ts';

let server: Server;
afterEach(() => server.closeAllConnections());

const open = async (answer: Answerer): Promise<{ readonly port: number; readonly drain: Drain }> => {
  const hold: Hold = {};
  server = nodeServer({}, answer, { hold });
  const drain = drainable(server, sleep, hold);
  return { port: await listen(server), drain };
};

const fine: Answerer = async ({ path }) => ({ status: 200, headers: {}, body: path });
const get = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: here\r\n\r\n`;
const paths = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `/${index}`);

describe('a server that is drained', () => {
  it('answers all that wait to be accepted when its port is closed', async () => {
    const { port, drain } = await open(fine);
    // Node accepts one connection in each turn of its loop, so most of these wait when the port is to be closed.
    const answers = Promise.all(paths(50).map((path) => exchange(port, get(path))));
    const inTime = drain(0, 20_000);
    for (const answer of await answers) expect(answer).toContain('200 OK');
    expect(await inTime).toBe(true);
  });

  it('answers all requests that a connection has sent behind one another, and says with the last that it is the last', async () => {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = 0;
    const { port, drain } = await open(async (raw) => {
      asked++;
      await released;
      return fine(raw, 0);
    });
    const { socket, said } = await dial(port);
    socket.write(get('/one'));
    await expect.poll(() => asked).toBe(1);
    const inTime = drain(0, 20_000);
    socket.write(get('/two') + get('/three'));
    await new Promise<void>((resolve) => server.on('request', ({ url }) => url === '/three' && resolve()));
    release();
    const text = await said;
    expect(text.match(/HTTP\/1\.1 200|^connection: \S+/gim)).toEqual([
      'HTTP/1.1 200',
      'Connection: keep-alive',
      'HTTP/1.1 200',
      'Connection: keep-alive',
      'HTTP/1.1 200',
      'Connection: close',
    ]);
    expect(await inTime).toBe(true);
  });

  it('takes no new connections, and cuts what is not answered when the time is over', async () => {
    const { port, drain } = await open(() => new Promise(() => undefined));
    const { socket, said } = await dial(port);
    socket.write(get('/'));
    expect(await drain(0, 50)).toBe(false);
    expect(await said).toBe('');
    await expect(dial(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
