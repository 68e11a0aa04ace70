import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

const serve = async (answer: (socket: Socket) => void): Promise<string> => {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => answer(socket));
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
};

const ask = (host: string, scheme: HttpRequest['scheme'] = 'http', signal = new AbortController().signal) =>
  nodeTransport()({ method: 'GET', scheme, host, path: '/', query: '', headers: {}, body: '' }, signal);

const because = (cause: string) => ({ code: 'CloudUnavailable', detail: { cause } });

describe('a request that gets no answer', () => {
  it('says that the connection was refused', async () => {
    const host = await serve(() => undefined);
    servers.splice(0).map((server) => server.close());
    await expect(ask(host)).rejects.toMatchObject(because('ECONNREFUSED'));
  });

  it('says that TLS was spoken to a plain port', async () => {
    const host = await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(ask(host, 'https')).rejects.toMatchObject(because('ERR_SSL_WRONG_VERSION_NUMBER'));
  });

  it('says that the answer was cut off', async () => {
    const host = await serve((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf');
    });
    await expect(ask(host)).rejects.toMatchObject({
      detail: { cause: expect.stringMatching(/^(ECONNRESET|CutOff)$/) },
    });
  });

  it('says that what answers does not speak HTTP', async () => {
    const host = await serve((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    await expect(ask(host)).rejects.toMatchObject(because('HPE_INVALID_CONSTANT'));
  });

  it('says that the deadline came first', async () => {
    const host = await serve(() => undefined);
    await expect(ask(host, 'http', AbortSignal.abort())).rejects.toMatchObject(because('ABORT_ERR'));
  });
});
