import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { userInfo } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import type { AgentRequest } from '../../../lib/client/agent/answer.ts';
import { userOfConnection } from '../../../lib/client/agent/peer-user.ts';
import { type AgentServer, listen } from '../../../lib/client/agent/server.ts';
import { clientErrorOf } from '../../support/client.ts';

const open: AgentServer[] = [];
const seen: AgentRequest[] = [];
const serve = async (port = 0) => {
  const server = await listen(async (asked) => {
    seen.push(asked);
    return { status: 200, headers: {}, body: 'served' };
  }, port);
  open.push(server);
  return server;
};

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
  seen.length = 0;
});

const get = (port: number, headers: readonly string[] = []): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/x?y', headers: ['host', '127.0.0.1', ...headers] });
    asked.on('response', (reply) => reply.setEncoding('utf8').on('data', resolve));
    asked.on('error', reject);
    asked.end();
  });

describe('the endpoint of an agent', () => {
  it('is one of several on a machine', async () => {
    const [one, other] = [await serve(), await serve()];

    expect(one.port).not.toBe(other.port);
    expect(await Promise.all([get(one.port), get(other.port)])).toEqual(['served', 'served']);
  });

  it('moves nowhere else if its port is taken', async () => {
    const { port } = await serve();

    expect(await clientErrorOf(() => listen(async () => ({ status: 200, headers: {}, body: '' }), port))).toMatchObject(
      {
        fault: 'usage',
        code: 'PortTaken',
      },
    );
  });

  it('can be opened again on the port that it had', async () => {
    const first = await serve();
    await open.pop()?.close();
    await serve(first.port);

    expect(await get(first.port)).toBe('served');
  });

  it('believes neither of two tokens', async () => {
    const { port } = await serve();
    await get(port, ['authorization', 'one', 'authorization', 'two']);

    expect(seen[0]).toMatchObject({ method: 'GET', path: '/x', headers: { authorization: 'one, two' } });
  });

  it.runIf(process.platform === 'linux')('can tell whose process is at the other end', async () => {
    let user: number | undefined;
    const server = await listen(async ({ peerPort }) => {
      user = userOfConnection(readFileSync('/proc/net/tcp', 'utf8'), peerPort, server.port);
      return { status: 200, headers: {}, body: 'served' };
    }, 0);
    open.push(server);
    await get(server.port);

    expect(user).toBe(userInfo().uid);
  });
});

describe('the table of connections', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:26B7 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1 0 100 0 0 10 0
   1: 0100007F:26B7 0100007F:9C40 01 00000000:00000000 00:00000000 00000000  1000        0 12 1 0 20 4 30 10 -1
   2: 0100007F:9C40 0100007F:26B7 01 00000000:00000000 00:00000000 00000000  1234        0 13 1 0 20 4 30 10 -1`;

  it('names the owner of the end that asked, not of the one that was asked', () => {
    expect(userOfConnection(table, 0x9c40, 0x26b7)).toBe(1234);
  });

  it('names nobody for a connection that it does not have', () => {
    expect(userOfConnection(table, 0x9c41, 0x26b7)).toBeUndefined();
    expect(userOfConnection('', 0x9c40, 0x26b7)).toBeUndefined();
  });
});
