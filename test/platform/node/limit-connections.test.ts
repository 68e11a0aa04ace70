import { createServer, Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { limitConnections } from '../../../lib/platform/node/limit-connections.ts';

const serverOf = (max: number) => {
  const server = createServer();
  limitConnections(server, max);
  return server;
};

/** A connection from an address, as a server is told of it; it is destroyed if the server closes it. */
const connect = (server: ReturnType<typeof serverOf>, address: string): Socket => {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  server.emit('connection', socket);
  return socket;
};

describe('the connections of a server', () => {
  it('are not all taken by one address', () => {
    const server = serverOf(8);
    const greedy = Array.from({ length: 6 }, () => connect(server, '192.0.2.1').destroyed);
    expect(greedy).toEqual([false, false, false, false, true, true]);
    expect(connect(server, '192.0.2.2').destroyed).toBe(false);
  });

  it('are not all taken by one network of IPv6, and those of IPv4 are the same through a socket for both', () => {
    const server = serverOf(2);
    expect(connect(server, '2001:db8::1').destroyed).toBe(false);
    expect(connect(server, '2001:db8::2').destroyed).toBe(true);
    const mapped = serverOf(2);
    expect(connect(mapped, '192.0.2.1').destroyed).toBe(false);
    expect(connect(mapped, '::ffff:192.0.2.1').destroyed).toBe(true);
  });

  it('are there again once they are closed', async () => {
    const server = serverOf(2);
    const first = connect(server, '192.0.2.1');
    expect(connect(server, '192.0.2.1').destroyed).toBe(true);
    first.destroy();
    await expect.poll(() => connect(server, '192.0.2.1').destroyed).toBe(false);
  });

  it('are bounded in all, whoever asks', () => {
    expect(serverOf(8).maxConnections).toBe(8);
  });
});
