import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Secret } from '../core/secret.ts';
import type { OpenStore } from '../core/store.ts';
import { withStoreTimeout } from './store-timeout.ts';

/** Which Redis or Valkey, and how it knows us. */
export interface RedisServer {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly username?: string;
  readonly password?: Secret;
  /** Absent is plain TCP; `ca` are the certificates in PEM that are trusted instead of Node's own. */
  readonly tls?: { readonly ca?: string };
  /** Whether the server is one of a cluster, which it is asked for. */
  readonly cluster?: boolean;
}

const defaultMilliseconds = 500;

/** The braces keep the kinds of one key in one slot of a cluster; a script here touches one key, so no more than that. */
const nameOf = (kind: string, key: string): string => `credmint:${kind}:{${key}}`;

const takeScript = `
  local taken = tonumber(redis.call('GET', KEYS[1]) or '0')
  local grant = math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - taken)
  if grant <= 0 then return 0 end
  redis.call('INCRBY', KEYS[1], grant)
  if taken == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
  return grant
`;

/** Remembers in Redis or Valkey. The server's clock lets entries expire; ours only says how long they have. */
export const redisStore = (server: RedisServer, now: () => Date, milliseconds = defaultMilliseconds): OpenStore => {
  let line = lineTo(server, milliseconds);
  const connected = (): Promise<Redis | Cluster> => line.connected();

  /** Hangs up on a server that is silent; the next command calls anew. What waited in vain began before a younger line. */
  const cutOff = (): void => {
    if (performance.now() - line.since < milliseconds) return;
    line.end();
    line = lineTo(server, milliseconds);
  };

  /** Redis takes no lifetime of nothing: a claim that is born expired lives for a millisecond. */
  const lifetime = (expiration: Date): number => Math.max(1, expiration.getTime() - now().getTime());

  const store = withStoreTimeout(
    {
      get: async (key) => (await (await connected()).get(nameOf('value', key))) ?? undefined,

      put: async (key, value, expiration) => {
        const client = await connected();
        const name = nameOf('value', key);
        await (expiration > now() ? client.set(name, value, 'PX', lifetime(expiration)) : client.del(name));
        return true;
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
        return Number(await client.eval(takeScript, 1, nameOf('counter', key), amount, limit, lifetime(expiration)));
      },
    },
    { milliseconds, now, cutOff },
  );
  return { ...store, close: async () => line.end() };
};

/** One client, connected when something is asked. */
const lineTo = (server: RedisServer, milliseconds: number) => {
  const client = clientOf(server, milliseconds);
  // Every command says by itself that it failed; without a listener ioredis would print it, with the server's address.
  client.on('error', () => undefined);
  let connecting: Promise<void> | undefined;
  return {
    since: performance.now(),
    connected: async () => {
      if (client.status === 'ready') return client;
      connecting ??= client.connect().finally(() => {
        connecting = undefined;
      });
      await connecting;
      return client;
    },
    end: () => client.disconnect(),
  };
};

const clientOf = (server: RedisServer, milliseconds: number): Redis | Cluster => {
  const { host, port } = server;
  const connection = {
    ...(server.username === undefined ? {} : { username: server.username }),
    ...(server.password === undefined ? {} : { password: server.password.reveal() }),
    ...(server.tls === undefined ? {} : { tls: server.tls }),
    connectTimeout: milliseconds,
    disconnectTimeout: milliseconds,
    // A command is sent once: a claim that was sent again would lose to itself.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // Each would be a round trip before the first command.
    enableReadyCheck: false,
    disableClientInfo: true,
    protocol: 2,
  } satisfies RedisOptions;
  // Nothing queues behind a server that is down. Connections are made when something is asked, and not by timers,
  // which a frozen function would sleep through.
  const whenAsked = { lazyConnect: true, enableOfflineQueue: false } as const;
  if (server.cluster !== true) {
    return new Redis({ ...connection, ...whenAsked, host, port, db: server.database, retryStrategy: () => null });
  }
  return new Cluster([{ host, port }], {
    ...whenAsked,
    redisOptions: connection,
    clusterRetryStrategy: () => null,
    slotsRefreshTimeout: milliseconds,
    // Managed clusters have certificates for names, so names are not made addresses here.
    dnsLookup: (address, done) => done(null, address),
  });
};
