import { afterEach, describe, expect, it } from 'vitest';
import { deferred } from '../../../lib/core/deferred.ts';
import type { Hold } from '../../../lib/platform/node/drain.ts';
import { fewInATurn } from '../../../lib/platform/node/few-in-a-turn.ts';
import { nodeServer } from '../../../lib/platform/node/node-server.ts';
import { turn } from '../../../lib/platform/node/turn.ts';
import { dial, listen } from '../../support/raw-socket.ts';

describe('few in a turn', () => {
  it('lets so many begin at once, and the others in their order, as many in each turn', async () => {
    const begin = fewInATurn(2);
    const begun: number[] = [];
    const ask = async (number: number): Promise<void> => {
      await begin();
      begun.push(number);
    };
    expect([begin(), begin()]).toEqual([undefined, undefined]);
    for (let number = 1; number <= 5; number++) void ask(number);
    await Promise.resolve();
    expect(begun).toEqual([]);
    await turn();
    expect(begun).toEqual([1, 2]);
    // Behind those that wait already.
    void ask(6);
    await turn();
    expect(begun).toEqual([1, 2, 3, 4]);
    await turn();
    expect(begun).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('counts anew in each turn', async () => {
    const begin = fewInATurn(1);
    for (let count = 0; count < 3; count++) {
      expect(begin()).toBeUndefined();
      await turn();
      await turn();
    }
    expect(begin()).toBeUndefined();
    expect(begin()).toBeInstanceOf(Promise);
  });
});

describe('a server', () => {
  const hold: Hold = {};
  const asked: string[] = [];
  let whenAsked: (path: string) => void = () => undefined;
  const server = nodeServer(
    {},
    async ({ path }) => {
      asked.push(path);
      whenAsked(path);
      return { status: 200, headers: {}, body: path };
    },
    { hold },
  );
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('does nothing for whoever went away while others were answered', async () => {
    const { promise: over, resolve: release } = deferred();
    hold.over = over;
    const port = await listen(server);
    const allAsk = new Promise<void>((resolve) => {
      let count = 0;
      server.on('request', ({ url, socket }) => {
        if (url === '/gone') whenAsked = (path) => path === '/0' && socket.destroy();
        if (++count === 9) resolve();
      });
    });
    const dialled = await Promise.all(Array.from({ length: 9 }, () => dial(port)));
    for (const [index, { socket }] of dialled.entries()) {
      const path = index === 8 ? '/gone' : `/${index}`;
      socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
    }
    await allAsk;
    release();
    await Promise.all(dialled.map(({ said }) => said));
    expect(asked.toSorted()).toEqual(['/0', '/1', '/2', '/3', '/4', '/5', '/6', '/7']);
  });
});
