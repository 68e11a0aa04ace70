import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Secret } from '../core/secret.ts';
import type { Lock, OpenStore } from '../core/store.ts';
import { guardStore } from './guard-store.ts';
import type { StoreBreaker } from './store-breaker.ts';

/** A Redis or Valkey server, and how we authenticate there. */
export interface RedisServer {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly username?: string;
  readonly password?: Secret;
  /** Absent: plain TCP. `ca`: the certificates in PEM that are trusted instead of Node's own. */
  readonly tls?: { readonly ca?: string };
  /** Whether to ask the server for the nodes of its cluster. */
  readonly cluster?: boolean;
}

const defaultTimeoutMs = 500;

/** The braces keep the kinds of one key in one slot of a cluster: a script touches one key, of one kind or two. */
const nameOf = (kind: string, key: string): string => `credmint:${kind}:{${key}}`;

const takeScript = `
  local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
  local grant = math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - taken)
  if grant <= 0 then return 0 end
  redis.call('INCRBY', KEYS[1], grant)
  if taken == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
  return grant
`;

const lockScript = `
  if not redis.call('SET', KEYS[1], '', 'PX', ARGV[1], 'NX') then return {0} end
  return {1, redis.call('GET', KEYS[2])}
`;

/** A script whose first writing command is refused, as the server has no room, has done nothing. */
const putAndUnlockScript = `
  if tonumber(ARGV[2]) > 0 then redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2]) else redis.call('DEL', KEYS[2]) end
  redis.call('DEL', KEYS[1])
  return 1
`;

/** A connection that was idle for longer may have died unseen while the function was frozen, and is not used again. */
const maxIdleMs = 5_000;

/** Remembers in Redis or Valkey. Entries expire by the server's clock; ours only says how long they live. */
export const redisStore = (
  server: RedisServer,
  now: () => Date,
  timeoutMs = defaultTimeoutMs,
  breaker?: StoreBreaker,
  monotonicMs: () => number = () => performance.now(),
): OpenStore => {
  let connection = connectionTo(server, timeoutMs, monotonicMs());
  let usedAt = monotonicMs();

  const replace = (): void => {
    connection.end();
    connection = connectionTo(server, timeoutMs, monotonicMs());
  };

  const connected = (): Promise<Redis | Cluster> => {
    if (monotonicMs() - usedAt > maxIdleMs) replace();
    usedAt = monotonicMs();
    return connection.connected();
  };

  /** Closes the connection to a server that is silent, unless it is newer than the command; the next command connects anew. */
  const cutOff = (): void => {
    if (monotonicMs() - connection.since >= timeoutMs) replace();
  };

  /** Redis accepts no lifetime of 0: a claim that has expired already lives for a millisecond. */
  const lifetime = (expiration: Date): number => Math.max(1, expiration.getTime() - now().getTime());

  const store = guardStore(
    {
      get: async (key) => textOf(await (await connected()).get(nameOf('value', key))),

      put: async (key, value, expiration) => {
        const client = await connected();
        const name = nameOf('value', key);
        await (expiration > now() ? client.set(name, value, 'PX', lifetime(expiration)) : client.del(name));
        return true;
      },

      lock: async (key, expiration) => {
        const client = await connected();
        return lockOf(
          await client.eval(lockScript, 2, nameOf('lock', key), nameOf('value', key), lifetime(expiration)),
        );
      },

      putAndUnlock: async (key, value, expiration) => {
        const client = await connected();
        const left = expiration.getTime() - now().getTime();
        await client.eval(putAndUnlockScript, 2, nameOf('lock', key), nameOf('value', key), value, left);
        return true;
      },

      unlock: async (key) => {
        await (await connected()).del(nameOf('lock', key));
      },

      acquire: async (key, expiration) => {
        const client = await connected();
        return (await client.set(nameOf('claim', key), '', 'PX', lifetime(expiration), 'NX')) === 'OK';
      },

      release: async (key) => {
        await (await connected()).del(nameOf('claim', key));
      },

      consume: async (key, amount, limit, expiration) => {
        const client = await connected();
        return countOf(
          await client.eval(takeScript, 1, nameOf('counter', key), amount, limit, lifetime(expiration)),
          Math.max(0, amount),
        );
      },
    },
    { timeout: { milliseconds: timeoutMs, now, cutOff }, breaker, isAnswer },
  );
  return { ...store, close: async () => connection.end() };
};

/** Whether an error is what the server replied, for instance that it has no room: such a server is not down. */
const isAnswer = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'ReplyError';

// A reply of another type is not Redis's: whatever answers there is down.

const textOf = (reply: unknown): string | undefined => {
  if (reply === null || typeof reply === 'string') return reply ?? undefined;
  throw new TypeError('The reply is not a text.');
};

const lockOf = (reply: unknown): Lock => {
  const [isOurs, value = null] = Array.isArray(reply) ? (reply as unknown[]) : [];
  if (isOurs === 0) return { isOurs: false };
  if (isOurs === 1) return { isOurs: true, value: textOf(value) };
  throw new TypeError('The reply is not a lock.');
};

const countOf = (reply: unknown, max: number): number => {
  if (typeof reply === 'number' && Number.isSafeInteger(reply) && reply >= 0 && reply <= max) return reply;
  throw new TypeError('The reply is not a count.');
};

/** One client, connected on demand. */
const connectionTo = (server: RedisServer, timeoutMs: number, since: number) => {
  const client = clientOf(server, timeoutMs);
  // Without a listener ioredis would print it, with the server's address.
  // What it reports of itself says why it cannot connect; its commands do not.
  let reported: unknown;
  const report = (error: unknown): void => {
    reported = error;
  };
  client.on('error', report);
  /** A cluster's client keeps to itself why no node can be reached, so the one that is configured is asked alone. */
  const askWhy = async (): Promise<void> => {
    const alone = clientOf({ ...server, cluster: false }, timeoutMs);
    alone.on('error', report);
    await alone.connect().catch(() => undefined);
    alone.disconnect();
  };
  let connecting: Promise<void> | undefined;
  return {
    since,
    connected: async () => {
      if (client.status === 'ready') return client;
      connecting ??= client
        .connect()
        .catch(async (thrown: unknown) => {
          if (server.cluster === true) await askWhy();
          throw new Error('The server cannot be connected to.', { cause: reported ?? thrown });
        })
        .finally(() => {
          connecting = undefined;
        });
      await connecting;
      return client;
    },
    end: () => client.disconnect(),
  };
};

const clientOf = (server: RedisServer, timeoutMs: number): Redis | Cluster => {
  const { host, port } = server;
  const connection = {
    ...(server.username === undefined ? {} : { username: server.username }),
    ...(server.password === undefined ? {} : { password: server.password.reveal() }),
    ...(server.tls === undefined ? {} : { tls: server.tls }),
    connectTimeout: timeoutMs,
    disconnectTimeout: timeoutMs,
    // A command is sent once: a claim that was sent again would lose to itself.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Each would be a round trip before the first command.
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2,
  } satisfies RedisOptions;
  // Nothing queues behind a server that is down. Connections are made on demand and not by timers, which do not run while
  // a function is frozen.
  const whenAsked = { lazyConnect: true, enableOfflineQueue: false } as const;
  if (server.cluster !== true) {
    return new Redis({ ...connection, ...whenAsked, host, port, db: server.database, retryStrategy: () => null });
  }
  return new Cluster([{ host, port }], {
    ...whenAsked,
    redisOptions: connection,
    clusterRetryStrategy: () => null,
    slotsRefreshTimeout: timeoutMs,
    // Managed clusters have certificates for names, so names are not resolved here.
    dnsLookup: (address, done) => done(null, address),
  });
};
