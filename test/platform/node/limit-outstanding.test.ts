import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { nodeServer } from '../../../lib/platform/node/node-server.ts';

const release: (() => void)[] = [];
let asked = 0;
const server = nodeServer({}, async () => {
  asked++;
  await new Promise<void>((resolve) => release.push(resolve));
  return { status: 200, headers: {}, body: 'done' };
});
afterEach(() => {
  for (const resolve of release) resolve();
  server.closeAllConnections();
  server.close();
});

it('a connection with more requests outstanding than any client pipelines is closed', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(3_000));
  await new Promise((closed) => socket.once('close', closed));
  expect(asked).toBeLessThanOrEqual(65);
});
