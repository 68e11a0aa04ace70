import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeTransport } from '../../lib/transport/node-http.ts';

let connections = 0;
const server = createServer((_message, response) => response.end('done'));
server.on('connection', () => {
  connections++;
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

const request = () => ({
  method: 'GET' as const,
  scheme: 'http' as const,
  host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
  path: '/',
  query: '',
  headers: {},
  body: '',
});

describe('a connection', () => {
  it('is used again soon after, and not after it was idle for more than five seconds', async () => {
    let time = 0;
    const transport = nodeTransport({ monotonicMs: () => time });
    const ask = async (): Promise<number> => {
      expect((await transport(request(), AbortSignal.timeout(60_000))).body).toBe('done');
      // The agent has the socket back in the next turn.
      await new Promise((resolve) => setImmediate(resolve));
      return connections;
    };
    const first = await ask();
    time += 5_000;
    expect(await ask()).toBe(first);
    time += 5_001;
    expect(await ask()).toBe(first + 1);
    expect(await ask()).toBe(first + 1);
  });
});
