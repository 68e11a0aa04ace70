import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { limitConnections } from '../../../lib/platform/node/limit-connections.ts';
import { nodeServer } from '../../../lib/platform/node/node-server.ts';
import { listen } from '../../support/raw-socket.ts';

let server: Server | undefined;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  const closed = server === undefined ? undefined : once(server, 'close');
  server?.close();
  await closed;
  server = undefined;
});

const open = async (max: number): Promise<number> => {
  server = nodeServer({}, async () => ({ status: 200, headers: {}, body: '' }));
  limitConnections(server, max);
  return listen(server);
};

/** Whether a connection from an address is served. */
const isServed = async (port: number, localAddress: string): Promise<boolean> => {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  sockets.push(socket);
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
  return new Promise((resolve) => {
    socket.once('data', () => resolve(true));
    socket.once('close', () => resolve(false));
  });
};

describe('the connections of a server', () => {
  it('are not all taken by one address', async () => {
    const port = await open(8);
    const greedy = [];
    for (let index = 0; index < 6; index++) greedy.push(await isServed(port, '127.0.0.2'));
    expect(greedy).toEqual([true, true, true, true, false, false]);
    expect(await isServed(port, '127.0.0.3')).toBe(true);
  });

  it('are there again once they are closed', async () => {
    const port = await open(2);
    expect(await isServed(port, '127.0.0.2')).toBe(true);
    expect(await isServed(port, '127.0.0.2')).toBe(false);
    const [first] = sockets;
    first?.destroy();
    await expect.poll(() => isServed(port, '127.0.0.2')).toBe(true);
  });
});
