import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { nodeServer } from '../../lib/platform/node/node-server.ts';
import type { TlsOptions } from '../../lib/platform/node/tls.ts';
import { certify } from '../support/certificates.ts';
import { dial, exchange, listen } from '../support/raw-socket.ts';

const certificate = certify({ subject: 'CN=credmint', ips: ['127.0.0.1'] });
const tls = { cert: new Secret(certificate.pem), key: new Secret(certificate.keyPem) };

let server: Server | undefined;
const opened: Socket[] = [];

afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  server?.closeAllConnections();
  const closed = server?.listening === true ? once(server, 'close') : undefined;
  server?.close();
  await closed;
  server = undefined;
});

const open = async (options: { readonly tls?: TlsOptions } = {}): Promise<number> => {
  server = nodeServer({}, async ({ body }) => ({ status: 200, headers: {}, body: `${body.length} bytes` }), options);
  server.on(options.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => opened.push(socket));
  return listen(server);
};

const answers = async (port: number): Promise<boolean> =>
  (await exchange(port, 'GET / HTTP/1.1\r\nHost: h\r\nconnection: close\r\n\r\n')).startsWith('HTTP/1.1 200 ');

/** What ends with a connection that node:http no longer listens to, or never did. */
const beginnings = [
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n'],
  ['an upgrade', 'GET / HTTP/1.1\r\nHost: h\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
  ['what is not HTTP', 'hello\r\n\r\n'],
  ['half a request', 'POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 10\r\n\r\nabc'],
  ['nothing', ''],
] as const;

describe('a connection that is reset', () => {
  it.each(beginnings)('after %s does not end the server', async (_name, text) => {
    const port = await open();
    const { socket, said } = await dial(port);
    if (text !== '') await new Promise((resolve) => socket.write(text, resolve));
    socket.resetAndDestroy();
    await said;
    expect(await answers(port)).toBe(true);
    expect(opened.filter((socket) => socket.listenerCount('error') === 0)).toEqual([]);
    // An error that comes late, when node:http has given the socket away.
    opened[0]?.emit('error', new Error('read ECONNRESET'));
    expect(await answers(port)).toBe(true);
  });

  it.each(beginnings)('after %s over TLS does not end the server', async (_name, text) => {
    const port = await open({ tls });
    const socket = connectTls({ port, host: '127.0.0.1', ca: certificate.pem, checkServerIdentity: () => undefined });
    socket.on('error', () => undefined);
    await once(socket, 'secureConnect');
    if (text !== '') await new Promise((resolve) => socket.write(text, resolve));
    while (opened.length === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    opened[0]?.emit('error', new Error('read ECONNRESET'));
    expect(server?.listening).toBe(true);
  });

  it('in the middle of a TLS handshake does not end the server', async () => {
    const port = await open({ tls });
    const { socket, said } = await dial(port);
    await new Promise((resolve) => socket.write(Buffer.from('160301020001', 'hex'), resolve));
    socket.resetAndDestroy();
    await said;
    expect(server?.listening).toBe(true);
  });
});

describe('a body without end', () => {
  it.each([
    ['with a length', 'content-length: 99999999999', (bytes: Buffer) => bytes],
    [
      'in chunks',
      'transfer-encoding: chunked',
      (bytes: Buffer) => Buffer.concat([Buffer.from('10000\r\n'), bytes, Buffer.from('\r\n')]),
    ],
  ])('%s is not read on', async (_name, header, framed) => {
    const port = await open();
    const { socket, said } = await dial(port);
    const piece = framed(Buffer.alloc(0x10000, 'a'));
    const send = (): void => {
      while (socket.writable && socket.write(piece));
    };
    socket.on('drain', send);
    socket.write(`POST / HTTP/1.1\r\nHost: h\r\n${header}\r\n\r\n`);
    send();
    await said;
    expect(opened[0]?.bytesRead).toBeGreaterThan(0x10000);
    expect(opened[0]?.bytesRead).toBeLessThan(2 * 1024 * 1024);
  });
});
