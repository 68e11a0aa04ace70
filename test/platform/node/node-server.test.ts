import { once } from 'node:events';
import type { Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeServer, type ServerTimeouts } from '../../../lib/platform/node/node-server.ts';
import type { RawRequest } from '../../../lib/platform/raw-request.ts';
import { dial, exchange, listen } from '../../support/raw-socket.ts';

let server: Server | undefined;

afterEach(async () => {
  server?.closeAllConnections();
  const closed = server?.listening === true ? once(server, 'close') : undefined;
  server?.close();
  await closed;
  server = undefined;
});

/** A server that tells what arrived, and keeps it. */
const open = async (timeouts: Partial<ServerTimeouts> = {}) => {
  const received: RawRequest[] = [];
  server = nodeServer(
    { '/route': async () => ({ status: 204, headers: {}, body: '' }) },
    async (raw) => {
      received.push(raw);
      if (raw.path === '/broken') throw new Error('a secret in a message');
      return { status: 200, headers: { 'x-path': raw.path }, body: 'well' };
    },
    { timeouts },
  );
  return { port: await listen(server), received };
};

const close = 'connection: close\r\n';

describe('the node server', () => {
  it('hands over what came, byte for byte', async () => {
    const { port, received } = await open();
    await exchange(
      port,
      `POST /a%2Fb//c?x=%20+&y HTTP/1.1\r\nHost: example.com:81\r\nX-One:  two words \r\n${close}content-length: 3\r\n\r\na\r\n`,
    );
    expect(received).toMatchObject([
      { method: 'POST', path: '/a%2Fb//c', query: 'x=%20+&y', scheme: 'http', sourceIp: '127.0.0.1' },
    ]);
    expect(received[0]?.headers).toMatchObject({ host: 'example.com:81', 'x-one': 'two words' });
    expect(Buffer.from(received[0]?.body ?? []).toString()).toBe('a\r\n');
  });

  it('hands over a query of 32 KiB beside an identity token of 20,000 characters, and more, to be told in a dialect', async () => {
    const { port, received } = await open();
    for (const size of [32 * 1024, 64 * 1024]) {
      const [query, token] = ['a'.repeat(size), 'b'.repeat(20_000)];
      await exchange(port, `GET /?${query} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${token}\r\n${close}\r\n`);
      expect(received.at(-1)?.query).toBe(query);
      expect(received.at(-1)?.headers['authorization']).toBe(`Bearer ${token}`);
    }
  });

  it('joins a header that came twice, whatever it is, so that no reader before us saw another', async () => {
    const { port, received } = await open();
    await exchange(
      port,
      `GET / HTTP/1.1\r\nHost: one\r\nHost: two\r\nAuthorization: first\r\nauthorization: second\r\n${close}\r\n`,
    );
    expect(received[0]?.headers).toMatchObject({ host: 'one, two', authorization: 'first, second' });
  });

  it('accepts a whole URL as its target, as a proxy does', async () => {
    const { port, received } = await open();
    for (const target of ['http://example.com/here?q', 'HTTP://example.com', 'http://example.com?q']) {
      await exchange(port, `GET ${target} HTTP/1.1\r\nHost: example.com\r\n${close}\r\n`);
    }
    expect(received.map(({ path, query }) => [path, query])).toEqual([
      ['/here', 'q'],
      ['/', ''],
      ['/', 'q'],
    ]);
  });

  it('refuses a whole URL of another host than its header names, as a proxy may have believed either', async () => {
    const { port, received } = await open();
    for (const target of ['http://evil.example/', 'http://example.com:81/', 'http://me@example.com/', 'http:///']) {
      expect(await exchange(port, `GET ${target} HTTP/1.1\r\nHost: example.com\r\n${close}\r\n`)).toMatch(
        /^HTTP\/1.1 400 /,
      );
    }
    expect(await exchange(port, `GET http://example.com/ HTTP/1.0\r\n${close}\r\n`)).toMatch(/^HTTP\/1.1 400 /);
    await exchange(port, `GET http://Example.com/ HTTP/1.1\r\nHost: example.COM\r\n${close}\r\n`);
    expect(received).toHaveLength(1);
  });

  it('serves its routes by their whole path', async () => {
    const { port, received } = await open();
    for (const path of ['/route', '/route/', '/route?x', '/constructor', '/__proto__']) {
      await exchange(port, `GET ${path} HTTP/1.1\r\nHost: h\r\n${close}\r\n`);
    }
    expect(received.map(({ path }) => path)).toEqual(['/route/', '/constructor', '/__proto__']);
  });

  it('says how long the body of a HEAD would be, and does not send it', async () => {
    const { port } = await open();
    const said = await exchange(port, `HEAD / HTTP/1.1\r\nHost: h\r\n${close}\r\n`);
    expect(said).toMatch(/content-length: 4\r\n/);
    expect(said.endsWith('\r\n\r\n')).toBe(true);
  });

  it('answers requests that were sent without waiting, in their order', async () => {
    const { port } = await open();
    const one = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: h\r\n${more}\r\n`;
    const said = await exchange(port, one('/1') + one('/2') + one('/3', close));
    expect([...said.matchAll(/x-path: (\S+)/g)].map(([, path]) => path)).toEqual(['/1', '/2', '/3']);
  });

  it('answers a caller that has closed its half of the connection', async () => {
    const { port } = await open();
    const { socket, said } = await dial(port);
    socket.end('GET /half HTTP/1.1\r\nHost: h\r\n\r\n');
    expect(await said).toContain('x-path: /half');
  });

  it('answers nothing to a body that is cut off', async () => {
    const { port, received } = await open();
    const { socket, said } = await dial(port);
    socket.end('POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 10\r\n\r\nabc');
    expect(await said).toMatch(/^(HTTP\/1.1 400 |$)/);
    expect(received).toEqual([]);
    const { socket: other, said: otherSaid } = await dial(port);
    other.write('POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 10\r\n\r\nabc', () => other.resetAndDestroy());
    await otherSaid;
    expect(await exchange(port, `GET /after HTTP/1.1\r\nHost: h\r\n${close}\r\n`)).toContain('x-path: /after');
    expect(received.map(({ path }) => path)).toEqual(['/after']);
  });

  it('keeps no more of a body than shows that it is too long, and answers before its end', async () => {
    const { port, received } = await open();
    const { socket, said } = await dial(port);
    socket.write('POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 3000000\r\n\r\n');
    socket.write(Buffer.alloc(100_000, 'a'));
    const answer = await said;
    expect(answer).toMatch(/^HTTP\/1.1 200 [\s\S]*\r\nconnection: close\r\n[\s\S]*well$/i);
    expect(received[0]?.body.length).toBeGreaterThan(64 * 1024);
    expect(received[0]?.body.length).toBeLessThan(64 * 1024 + 256 * 1024);
  });

  it('reads a chunked body', async () => {
    const { port, received } = await open();
    const chunks = '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n';
    await exchange(port, `POST / HTTP/1.1\r\nHost: h\r\n${close}transfer-encoding: chunked\r\n\r\n${chunks}`);
    expect(Buffer.from(received[0]?.body ?? []).toString()).toBe('abcde');
  });

  it('answers an expectation that it does not know like any request', async () => {
    const { port } = await open();
    expect(await exchange(port, `GET / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n${close}\r\n`)).toMatch(
      /^HTTP\/1.1 200 /,
    );
  });

  it('says that it failed, and nothing more', async () => {
    const { port } = await open();
    const said = await exchange(port, `GET /broken HTTP/1.1\r\nHost: h\r\n${close}\r\n`);
    expect(said).toMatch(/^HTTP\/1.1 500 /);
    expect(said).not.toContain('secret');
    expectCarried(said);
  });
});

/** Every answer has these, whoever gave it. */
const expectCarried = (said: string): void => {
  expect(said).toMatch(/\r\nx-request-id: [0-9a-f-]{36}\r\n/i);
  expect(said).toMatch(/\r\ncache-control: no-store\r\n/i);
  expect(said).toMatch(/\r\ndate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/i);
};

describe('what is not HTTP', () => {
  it.each([
    ['words', 'hello\r\n\r\n', 400],
    ['a TLS greeting', '\u0016\u0003\u0001\u0002\u0000\u0001', 400],
    ['another version', 'GET / HTTP/9.9\r\nHost: h\r\n\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a header folded over two lines', 'GET / HTTP/1.1\r\nHost: h\r\nx-one: a\r\n b\r\n\r\n', 400],
    ['a bare line feed in a header', 'GET / HTTP/1.1\r\nHost: h\r\nx-one: a\rx-two: b\r\n\r\n', 400],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: h\r\nx-one: a\u0000b\r\n\r\n', 400],
    ['a space in a header name', 'GET / HTTP/1.1\r\nHost: h\r\nx one: a\r\n\r\n', 400],
    ['headers beyond all measure', `GET / HTTP/1.1\r\nHost: h\r\nx: ${'a'.repeat(150_000)}\r\n\r\n`, 431],
    ['a path beyond all measure', `GET /${'a'.repeat(150_000)} HTTP/1.1\r\nHost: h\r\n\r\n`, 431],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n', 405],
  ])('is answered once and hung up on: %s', async (_name, text, status) => {
    const { port, received } = await open();
    const said = await exchange(port, Buffer.from(text, 'latin1'));
    expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(said.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(JSON.parse(said.slice(said.indexOf('\r\n\r\n')))).toMatchObject({ status });
    expectCarried(said);
    expect(received).toEqual([]);
  });
});

describe('a caller who takes too long', () => {
  const timeouts = { headersTimeout: 40, requestTimeout: 60, connectionsCheckingInterval: 10 };

  it.each([
    ['over its headers', 'GET / HTTP/1.1\r\nHost: h\r\n'],
    ['over its body', 'POST / HTTP/1.1\r\nHost: h\r\ncontent-length: 10\r\n\r\nabc'],
  ])('%s is told so and hung up on', async (_name, text) => {
    const { port, received } = await open(timeouts);
    const said = await exchange(port, text);
    expect(said).toMatch(/^HTTP\/1.1 408 /);
    expectCarried(said);
    expect(received).toEqual([]);
  });

  it('over nothing at all is hung up on', async () => {
    const { port } = await open(timeouts);
    const { said } = await dial(port);
    expect(await said).toMatch(/^(HTTP\/1.1 408 |$)/);
  });

  it('over its next request is hung up on without a word', async () => {
    const { port } = await open({ keepAliveTimeout: 20 });
    const said = await exchange(port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    expect(said.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(said).toContain('x-path: /');
  });
});
