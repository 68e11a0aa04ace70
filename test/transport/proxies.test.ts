import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { environmentProxies } from '../../lib/transport/proxies.ts';
import { nodeDocuments } from '../../lib/transport/public-documents.ts';

const proxyOf = (environment: Record<string, string>, target: string) =>
  environmentProxies(environment)(new URL(target));

describe('the proxies of the environment', () => {
  const environment = {
    HTTPS_PROXY: 'http://proxy.example.test:3128',
    http_proxy: 'http://plain.example.test:3128',
    NO_PROXY: 'sts.example.test, .internal.test,*.svc.test other.test:8443',
  };

  it.each([
    ['https://sts.amazonaws.com/', 'http://proxy.example.test:3128'],
    ['http://minio.example.test:9000/', 'http://plain.example.test:3128'],
    ['https://sts.example.test/', undefined],
    ['https://a.internal.test/', undefined],
    ['https://internal.test/', undefined],
    ['https://a.svc.test/', undefined],
    ['https://notinternal.test/', 'http://proxy.example.test:3128'],
    ['https://other.test:8443/', undefined],
    ['https://other.test/', 'http://proxy.example.test:3128'],
    ['https://127.0.0.1:3000/', undefined],
    ['http://localhost:3000/', undefined],
  ])('lead to %s by %s', (target, proxy) => {
    expect(proxyOf(environment, target)).toBe(proxy);
  });

  it('lead nowhere with NO_PROXY=*, or without any', () => {
    expect(proxyOf({ ...environment, NO_PROXY: '*' }, 'https://sts.amazonaws.com/')).toBeUndefined();
    expect(proxyOf({}, 'https://sts.amazonaws.com/')).toBeUndefined();
  });
});

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A proxy that answers plain requests itself, refuses tunnels, and remembers what it was asked. */
const openProxy = async () => {
  const asked: string[] = [];
  server = createServer((message, response) => {
    asked.push(`${message.method} ${message.url}`);
    response.end('by proxy');
  });
  server.on('connect', (message, socket) => {
    asked.push(`CONNECT ${message.url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, proxies: environmentProxies({ HTTPS_PROXY: proxy, HTTP_PROXY: proxy }) };
};

const request = (scheme: 'http' | 'https') => ({
  method: 'GET',
  scheme,
  host: 'sts.example.test',
  path: '/',
  query: 'a=b',
  headers: {},
  body: '',
});

describe('what goes by a proxy', () => {
  it('is a request to a cloud', async () => {
    const { asked, proxies } = await openProxy();
    const transport = nodeTransport({ proxies });
    const { signal } = new AbortController();
    await expect(transport(request('https'), signal)).rejects.toMatchObject({ code: 'CloudUnavailable' });
    expect((await transport(request('http'), signal)).body).toBe('by proxy');
    expect(asked).toEqual(['CONNECT sts.example.test:443', 'GET http://sts.example.test/?a=b']);
  });

  it("is an issuer's document, but not at an address that may not be asked", async () => {
    const { asked, proxies } = await openProxy();
    const documents = nodeDocuments({ proxies });
    await expect(documents(new URL('https://issuer.example.test/keys'), [])).rejects.toMatchObject({
      code: 'CloudUnavailable',
    });
    await expect(documents(new URL('https://10.0.0.1/keys'), [])).rejects.toMatchObject({ code: 'Misconfigured' });
    expect(asked).toEqual(['CONNECT issuer.example.test:443']);
  });
});
