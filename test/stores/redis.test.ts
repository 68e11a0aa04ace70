import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { causeOf } from '../../lib/core/cause.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { OpenStore } from '../../lib/core/store.ts';
import { type RedisServer, redisStore } from '../../lib/stores/redis.ts';
import { storeBreaker } from '../../lib/stores/store-breaker.ts';
import { freePort, hasRedis, type RedisProcess, startRedis } from '../support/redis-server.ts';
import { stillClock, storeContract } from '../support/store-contract.ts';
import { race } from '../support/store-processes.ts';
import { askForEach, downAnswers } from '../support/store-wrappers.ts';

/** Long enough for a busy machine, and short enough to wait for. */
const deadline = 15_000;
const short = 1000;

const realNow = (): Date => new Date();
const soon = (): Date => new Date(Date.now() + 60_000);

const at = (port: number): RedisServer => ({ host: '127.0.0.1', port, database: 0 });

const isDown = async (store: OpenStore): Promise<void> => {
  expect(await askForEach(store, soon())).toEqual(downAnswers);
};

/** Lets entries age by taking from the time that each has left: the server's clock cannot be moved. */
const age = `
  local cursor = '0'
  repeat
    local found = redis.call('SCAN', cursor)
    cursor = found[1]
    for _, key in ipairs(found[2]) do redis.call('PEXPIRE', key, redis.call('PTTL', key) - tonumber(ARGV[1])) end
  until cursor == '0'
`;

describe.skipIf(!hasRedis)('with a real redis-server (skipped where the program is not installed)', () => {
  let server: RedisProcess;
  let owner: Redis;
  beforeAll(async () => {
    server = await startRedis();
    owner = new Redis(server.port, '127.0.0.1');
  });
  afterAll(async () => {
    owner.disconnect();
    await server.kill();
  });

  storeContract('redis', {
    // The server's clock goes on while a test runs, and it must not have reached an expiration too soon.
    grain: 30_000,
    open: async () => {
      await owner.flushall();
      const clock = stillClock();
      const store = redisStore(at(server.port), clock.now, deadline);
      return {
        now: clock.now,
        pass: async (milliseconds) => {
          await owner.eval(age, 0, milliseconds);
          await clock.pass(milliseconds);
        },
        store,
        raw: async () => {
          const keys = await owner.keys('*');
          return [...keys, ...(await owner.mget(keys))].join('\n');
        },
        close: store.close,
      };
    },
  });

  describe('a store in Redis', () => {
    it('leaves it to the server to let entries go, at their time', async () => {
      await owner.flushall();
      const clock = stillClock();
      const store = redisStore(at(server.port), clock.now, deadline);
      const end = new Date(clock.now().getTime() + 60_000);
      await store.put('key', 'value', end);
      await store.acquire('key', end);
      await store.consume('key', 1, 2, end);
      await store.consume('key', 1, 2, new Date(end.getTime() + 60_000));
      const left = await Promise.all((await owner.keys('*')).map((key) => owner.pttl(key)));
      expect(left).toHaveLength(3);
      for (const milliseconds of left) {
        expect(milliseconds).toBeGreaterThan(30_000);
        expect(milliseconds).toBeLessThanOrEqual(60_000);
      }
      await store.close();
    });

    it('never gives processes one claim twice, nor more of a quota than there is', async () => {
      await owner.flushall();
      const scores = await race({ kind: 'redis', port: server.port }, 4, 20);
      expect(scores.reduce((sum, { granted }) => sum + granted, 0)).toBe(100);
    });

    it('speaks to the database it is told', async () => {
      const store = redisStore({ ...at(server.port), database: 3 }, realNow, deadline);
      await store.put('key', 'value', soon());
      await owner.select(3);
      expect(await owner.keys('*')).toHaveLength(1);
      await owner.flushdb();
      await owner.select(0);
      await store.close();
    });

    it('is down while the server is silent, and up as soon as it answers', async () => {
      const own = await startRedis();
      const store = redisStore(at(own.port), realNow, short);
      expect(await store.put('key', 'value', soon())).toBe(true);
      own.freeze();
      await Promise.all([isDown(store), isDown(store)]);
      own.resume();
      expect(await store.get('key')).toBe('value');
      await store.close();
      await own.kill();
    });

    it('connects anew after it was idle, as the connection may have died unseen', async () => {
      const own = await startRedis();
      const admin = new Redis(own.port, '127.0.0.1');
      let time = 0;
      const store = redisStore(at(own.port), realNow, deadline, undefined, () => time);
      const connections = async (): Promise<number> =>
        Number(/total_connections_received:(\d+)/.exec(await admin.info('stats'))?.[1]);
      await store.get('key');
      const before = await connections();
      time += 5_000;
      await store.get('key');
      expect(await connections()).toBe(before);
      time += 5_001;
      await store.get('key');
      expect(await connections()).toBe(before + 1);
      admin.disconnect();
      await store.close();
      await own.kill();
    });

    it('is down when the server is gone, and starts from nothing with a new one', async () => {
      const own = await startRedis();
      const store = redisStore(at(own.port), realNow, deadline);
      expect(await store.acquire('nonce', soon())).toBe(true);
      await own.kill();
      await isDown(store);
      const next = await startRedis({ port: own.port });
      expect(await store.acquire('nonce', soon())).toBe(true);
      expect(await store.acquire('nonce', soon())).toBe(false);
      await store.close();
      await next.kill();
    });

    it('is down when the server has no room, or lets nobody write', async () => {
      const own = await startRedis({ options: ['--maxmemory', '1', '--maxmemory-policy', 'noeviction'] });
      const store = redisStore(at(own.port), realNow, deadline);
      await isDown(store);
      await store.close();
      await own.kill();
    });

    it('shows its password to a server that asks for one, and is down with a wrong one', async () => {
      const own = await startRedis({
        options: ['--requirepass', 'open-sesame', '--user', 'minter', 'on', '>hush', '~credmint:*', '+@all'],
      });
      const right = redisStore({ ...at(own.port), password: new Secret('open-sesame') }, realNow, deadline);
      expect(await right.acquire('nonce', soon())).toBe(true);
      const named = redisStore(
        { ...at(own.port), username: 'minter', password: new Secret('hush') },
        realNow,
        deadline,
      );
      expect(await named.acquire('nonce', soon())).toBe(false);
      expect(await named.acquire('other', soon())).toBe(true);
      const wrong = redisStore({ ...at(own.port), password: new Secret('open-says-me') }, realNow, deadline);
      await isDown(wrong);
      const silent = redisStore(at(own.port), realNow, deadline);
      await isDown(silent);
      await Promise.all([right, named, wrong, silent].map((store) => store.close()));
      await own.kill();
    });

    it('says why no node of a cluster can be reached', async () => {
      const causes: string[] = [];
      const breaker = storeBreaker(
        { monotonicMs: () => 0 },
        {
          failed: (thrown) => causes.push(causeOf(thrown)),
          answered: () => undefined,
          refused: () => undefined,
        },
      );
      const store = redisStore({ ...at(await freePort()), cluster: true }, realNow, deadline, breaker);
      await isDown(store);
      expect(causes[0]).toBe('ECONNREFUSED');
      await store.close();
    });

    it('finds its way in a cluster', async () => {
      const own = await startRedis({ options: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'] });
      const admin = new Redis(own.port, '127.0.0.1');
      await admin.cluster('ADDSLOTSRANGE', 0, 16383);
      // A master waits two seconds after its start for others who may know better.
      await own.says('Cluster state changed: ok');
      const store = redisStore({ ...at(own.port), cluster: true }, realNow, deadline);
      for (const key of ['a', 'b', 'c']) {
        expect(await store.put(key, key, soon())).toBe(true);
        expect(await store.acquire(key, soon())).toBe(true);
        expect(await store.consume(key, 3, 2, soon())).toBe(2);
        expect(await store.get(key)).toBe(key);
        expect(await store.acquire(key, soon())).toBe(false);
      }
      const slots = await Promise.all((await admin.keys('*{a}')).map((key) => admin.cluster('KEYSLOT', key)));
      expect(slots).toHaveLength(3);
      expect(new Set(slots).size).toBe(1);
      admin.disconnect();
      await store.close();
      await own.kill();
    });
  });

  const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

  it.skipIf(!hasOpenssl)('speaks TLS to a server whose certificate it trusts, and to no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'credmint-tls-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=credmint-test -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${cert}`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    );
    const tls = [
      '--tls-cert-file',
      cert,
      '--tls-key-file',
      key,
      '--tls-ca-cert-file',
      cert,
      '--tls-auth-clients',
      'no',
    ];
    const own = await startRedis({ options: ['--port', '0', '--tls-port', '{port}', ...tls] });
    const trusting = redisStore({ ...at(own.port), tls: { ca: readFileSync(cert, 'utf8') } }, realNow, deadline);
    expect(await trusting.acquire('nonce', soon())).toBe(true);
    const stranger = redisStore({ ...at(own.port), tls: {} }, realNow, deadline);
    await isDown(stranger);
    const plain = redisStore(at(own.port), realNow, short);
    await isDown(plain);
    await Promise.all([trusting, stranger, plain].map((store) => store.close()));
    await own.kill();
    rmSync(folder, { recursive: true, force: true });
  });
});

describe('what answers as no Redis does', () => {
  /** A server that replies this to every command. */
  const replying = async (reply: string) => {
    const server = createServer((socket) => {
      socket.on('data', (piece) => {
        for (const _ of piece.toString('latin1').matchAll(/^\*\d+\r$/gm)) socket.write(reply);
      });
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { server, port: (server.address() as { port: number }).port };
  };

  it.each([
    ['a number for a text', ':7\r\n'],
    ['a list', '*1\r\n$1\r\na\r\n'],
    ['a text for a number', '$3\r\nabc\r\n'],
  ])('is down where a value or a count is asked for: %s', async (_, reply) => {
    const { server, port } = await replying(reply);
    const store = redisStore(at(port), realNow, deadline);
    const [value, count] = await Promise.all([store.get('key'), store.consume('quota', 1, 1, soon())]);
    // A text is a value; no number is a count that is more than was asked for.
    expect(value).toBe(reply.startsWith('$') ? 'abc' : undefined);
    expect(count).toBeUndefined();
    await store.close();
    server.close();
  });
});

describe('a Redis that was never there', () => {
  it('is down', async () => {
    const store = redisStore(at(await freePort()), realNow, deadline);
    await isDown(store);
    await store.close();
  });

  it('is down where something else answers, and hears no more than it asked for', async () => {
    const heard: string[] = [];
    const stranger = createServer((socket) => {
      socket.on('data', (piece) => heard.push(piece.toString('latin1')));
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 400 Bad Request\r\n\r\n');
    }).listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const store = redisStore(at((stranger.address() as { port: number }).port), realNow, short);
    await isDown(store);
    await store.close();
    stranger.close();
  });
});
