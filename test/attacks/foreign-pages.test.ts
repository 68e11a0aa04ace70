import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoRequestBody, type LaptopApp, openLaptopApp } from '../support/app.ts';
import { exchange } from '../support/raw-socket.ts';

let app: LaptopApp;
beforeAll(async () => {
  app = await openLaptopApp();
});
afterAll(() => app.close());

const statusOf = async (path: string, headers: Readonly<Record<string, string>>): Promise<number> => {
  const port = Number(new URL(app.url).port);
  const lines = { 'content-type': 'application/json', 'content-length': `${demoRequestBody.length}`, ...headers };
  const head = Object.entries({ ...lines, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  const answer = await exchange(port, `POST ${path} HTTP/1.1\r\n${head.join('')}\r\n${demoRequestBody}`);
  return Number(answer.split(' ')[1]);
};

const routes = ['/events', '/health', '/openapi.json', '/assumeRole', '/', '/login', '/leases/demo'];

describe('a page of another origin, in a browser on this machine', () => {
  it.each(routes)('reads and sends nothing at %s', async (path) => {
    for (const headers of [
      { host: 'evil.example' },
      { host: 'evil.example:3000' },
      { host: 'localhost.evil.example' },
      { host: '127.0.0.1.evil.example' },
      { host: '127.0.0.1@evil.example' },
      { host: '' },
      { host: 'localhost', origin: 'https://evil.example' },
      { host: 'localhost', origin: 'http://localhost.evil.example' },
      { host: 'localhost', origin: 'null' },
    ]) {
      expect([headers, await statusOf(path, headers)]).toEqual([headers, 403]);
    }
  });

  it.each(['localhost', 'localhost:3000', 'LocalHost', '127.0.0.1', '[::1]:3000', 'sts.localhost'])(
    'is told apart from a client that asks for %s',
    async (host) => {
      for (const path of routes) expect(await statusOf(path, { host })).not.toBe(403);
      expect(await statusOf('/events', { host, origin: 'http://localhost:3000' })).not.toBe(403);
    },
  );
});
