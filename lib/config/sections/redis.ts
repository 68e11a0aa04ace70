import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import type { RedisServer } from '../../stores/redis.ts';
import type { StoreContext } from './store.ts';
import type { WrittenStore } from './store-schema.ts';

type WrittenRedis = Extract<WrittenStore, { readonly kind: 'redis' }>;

/** Which Redis a configuration means, by its URL and what stands beside it. */
export const redisOf = (written: WrittenRedis, { secret, complain }: StoreContext): RedisServer => {
  const referred = !/^rediss?:/.test(written.url);
  const text = referred ? secret('store.url', written.url).reveal() : written.url;
  const url = readUrl(text);
  if (url === undefined) {
    // A reference that leads nowhere was complained of already.
    if (text !== '') complain('store.url', 'must be redis://HOST:PORT/DATABASE, rediss:// or a reference to such');
    return { host: '', port: 0, database: 0 };
  }
  if (!referred && url.password !== '')
    complain('store.url', 'has a password, which belongs into `password`, by reference');
  const inUrl = url.password === '' ? undefined : new Secret(decodeURIComponent(url.password));
  const password = written.password === undefined ? inUrl : secret('store.password', written.password);
  const secure = url.protocol === 'rediss:' || written.tls !== undefined;
  if (password !== undefined && !secure && !isLoopback(url.hostname)) {
    complain('store.url', 'must be rediss, or its password would be sent in the clear');
  }
  const database = Number(url.pathname.slice(1));
  if (written.cluster === true && database !== 0) complain('store.url', 'names a database, and a cluster has but one');
  return omitUndefined({
    // A socket wants no brackets around an address.
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 6379 : Number(url.port),
    database,
    username: written.username ?? (url.username === '' ? undefined : decodeURIComponent(url.username)),
    password,
    tls: secure ? omitUndefined({ ca: written.tls && secret('store.tls.ca', written.tls.ca).reveal() }) : undefined,
    cluster: written.cluster,
  });
};

const readUrl = (text: string): URL | undefined => {
  const url = /^rediss?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  const known =
    url !== undefined && url.hostname !== '' && /^(\/\d{0,4})?$/.test(url.pathname) && url.search + url.hash === '';
  return known && isText(url.username) && isText(url.password) ? url : undefined;
};

/** Whether the escapes of a part of a URL mean something. */
const isText = (escaped: string): boolean => {
  try {
    decodeURIComponent(escaped);
    return true;
  } catch {
    return false;
  }
};

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);
