import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { isLoopbackAddress, isPublicAddress } from '../../lib/transport/addresses.ts';
import { type Asking, nodeDocuments } from '../../lib/transport/public-documents.ts';

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** A server on this machine, and the connections that were made to it. */
const serving = async (answer: (message: IncomingMessage, response: ServerResponse) => void) => {
  const connections: string[] = [];
  server = createServer((message, response) => answer(message, response));
  server.on('connection', (socket) => connections.push(socket.remoteAddress ?? ''));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, url: new URL(`http://127.0.0.1:${port}/keys?a=b`), connections };
};

/** A resolver that gives these addresses, one list for each time it is asked. */
const names = (...answers: readonly (readonly string[])[]) => {
  const asked: string[] = [];
  const lookup: Asking['lookup'] = (host, options, found) => {
    asked.push(host);
    const addresses = (answers[asked.length - 1] ?? answers.at(-1) ?? []).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    if (options.all === true) found(null, addresses);
    else found(null, addresses[0]?.address ?? '', addresses[0]?.family);
  };
  return { asked, lookup };
};

const refused = { code: 'Misconfigured', detail: { proofFault: 'KeySetRefused' } };
const unreachable = { code: 'CloudUnavailable', detail: { proofFault: 'KeySetUnreachable' } };

describe('an address', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '2606:4700::1', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'])(
    'is public: %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    'fc00::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::1',
    '::127.0.0.1',
    'localhost',
    '',
    '2130706433',
    '0x7f.1',
  ])('is not public: %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it('leads back here by any of its spellings', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '0:0:0:0:0:0:0:1'].every(isLoopbackAddress)).toBe(
      true,
    );
    expect(['128.0.0.1', '::2', 'localhost', ''].some(isLoopbackAddress)).toBe(false);
  });
});

describe('a document', () => {
  it('is fetched from this machine if the URL says so', async () => {
    const { url } = await serving((message, response) =>
      response.end(`${message.method} ${message.url} ${message.headers.host}`),
    );
    expect(await nodeDocuments()(url, [])).toBe(`GET /keys?a=b ${url.host}`);
    url.hostname = 'localhost';
    expect(await nodeDocuments({ lookup: names(['127.0.0.1']).lookup })(url, [])).toBe(`GET /keys?a=b ${url.host}`);
  });

  it('is not fetched without https from anywhere else', async () => {
    const { lookup, asked } = names(['8.8.8.8']);
    for (const url of ['http://issuer.example/keys', 'http://8.8.8.8/', 'file:///etc/passwd', 'ftp://127.0.0.1/']) {
      await expect(nodeDocuments({ lookup })(new URL(url), [])).rejects.toMatchObject(refused);
    }
    expect(asked).toEqual([]);
  });

  it.each([
    'https://127.0.0.2.nip.example/',
    'https://10.0.0.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00:ec2::254]/',
    'https://169.254.169.254/',
    'https://2852039166/',
    'https://0xa9fea9fe/',
    'https://0251.0376.0251.0376/',
  ])('is not fetched from a private address: %s', async (url) => {
    const { lookup } = names(['127.0.0.2']);
    await expect(nodeDocuments({ lookup })(new URL(url), [])).rejects.toMatchObject(refused);
  });

  it('is not fetched from a public name that means a private address, or that means one besides', async () => {
    const { port, connections } = await serving((_, response) => response.end('{}'));
    for (const addresses of [['127.0.0.1'], ['10.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['::1'], []]) {
      const { lookup } = names(addresses);
      await expect(nodeDocuments({ lookup })(new URL(`https://issuer.example:${port}/`), [])).rejects.toMatchObject(
        refused,
      );
    }
    expect(connections).toEqual([]);
  });

  it('is asked for at the address that was judged, whatever the name means by then', async () => {
    const { port, connections } = await serving((_, response) => response.end('{}'));
    // What it means first is judged and connected to; what it would mean next is never asked for.
    const rebinding = names(['127.0.0.2'], ['127.0.0.1']);
    const url = new URL(`https://issuer.example:${port}/`);
    const documents = nodeDocuments({ lookup: rebinding.lookup });
    await expect(documents(url, ['127.0.0.2/32'])).rejects.toMatchObject(unreachable);
    expect(rebinding.asked).toEqual(['issuer.example']);
    expect(connections).toEqual([]);
  });

  it('is fetched from a private address that the configuration allows', async () => {
    const { port, connections } = await serving((_, response) => response.end('{}'));
    const { lookup } = names(['127.0.0.1']);
    const documents = nodeDocuments({ lookup });
    // It is connected to; that it speaks no TLS is another matter.
    await expect(documents(new URL(`https://issuer.example:${port}/`), ['127.0.0.0/8'])).rejects.toMatchObject(
      unreachable,
    );
    expect(connections).toEqual(['127.0.0.1']);
  });

  it('is not fetched from elsewhere if the URL says it is on this machine', async () => {
    const { lookup } = names(['8.8.8.8']);
    await expect(nodeDocuments({ lookup })(new URL('http://localhost/'), [])).rejects.toMatchObject(refused);
  });

  it('is what was asked for, not what a redirect leads to', async () => {
    let asked = 0;
    const { url } = await serving((_, response) => {
      asked++;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    await expect(nodeDocuments()(url, [])).rejects.toMatchObject(unreachable);
    expect(asked).toBe(1);
  });

  it.each([201, 204, 304, 401, 404, 500])('does not come with status %d', async (status) => {
    const { url } = await serving((_, response) => response.writeHead(status).end());
    await expect(nodeDocuments()(url, [])).rejects.toMatchObject(unreachable);
  });

  it('has at most 512 KiB, told or untold', async () => {
    for (const [size, headers] of [
      [512 * 1024, {}],
      [512 * 1024 + 1, {}],
      [512 * 1024 + 1, { 'content-length': 512 * 1024 + 1 }],
    ] as const) {
      const { url } = await serving((_, response) => {
        response.writeHead(200, headers);
        response.end('x'.repeat(size));
      });
      const fetched = nodeDocuments()(url, []);
      if (size === 512 * 1024) expect((await fetched).length).toBe(size);
      else await expect(fetched).rejects.toMatchObject(refused);
    }
  });

  it('is not compressed, so its size is its size', async () => {
    const { url } = await serving((message, response) => {
      expect(message.headers['accept-encoding']).toBe('identity');
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1000)));
    });
    await expect(nodeDocuments()(url, [])).rejects.toMatchObject(unreachable);
  });

  it('is waited for no longer than told, whether nothing comes or too little', async () => {
    const documents = nodeDocuments({ timeoutMilliseconds: 40 });
    for (const begin of [() => undefined, (response: ServerResponse) => response.write('{')]) {
      const { url } = await serving((_, response) => void begin(response));
      await expect(documents(url, [])).rejects.toMatchObject(unreachable);
    }
  });

  it('is whole, or not had', async () => {
    const { url } = await serving((_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{');
      response.socket?.destroySoon();
    });
    await expect(nodeDocuments()(url, [])).rejects.toMatchObject(unreachable);
  });

  it('is not had from nobody', async () => {
    const { url } = await serving(() => undefined);
    server?.closeAllConnections();
    server?.close();
    await expect(nodeDocuments()(url, [])).rejects.toMatchObject(unreachable);
  });
});
