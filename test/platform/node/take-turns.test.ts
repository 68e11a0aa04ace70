import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { nodeServer } from '../../../lib/platform/node/node-server.ts';
import { dial, listen } from '../../support/raw-socket.ts';

const asked: string[] = [];
const server = nodeServer({}, async ({ path }) => {
  asked.push(path);
  return { status: 200, headers: {}, body: path };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

it('a connection with many requests is answered in their order, and lets the others in between', async () => {
  const port = await listen(server);
  const [many, one] = [await dial(port), await dial(port)];
  const last = new Promise((resolve) => server.on('request', ({ url }) => url === '/many/49' && resolve(undefined)));
  for (let number = 0; number < 50; number++) many.socket.write(`GET /many/${number} HTTP/1.1\r\nhost: a\r\n\r\n`);
  await last;
  one.socket.write('GET /one HTTP/1.1\r\nhost: a\r\n\r\n');
  await once(one.socket, 'data');
  expect(asked.indexOf('/one')).toBeLessThan(49);
  many.socket.write('GET /last HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  const answers = (await many.said).match(/\/many\/\d+/g);
  expect(answers).toEqual(Array.from({ length: 50 }, (_, number) => `/many/${number}`));
});
