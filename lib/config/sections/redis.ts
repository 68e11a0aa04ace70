import * as v from 'valibot';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import type { RedisServer } from '../../stores/redis.ts';
import { isLoopbackHost } from '../../transport/addresses.ts';
import type { ConfigContext } from '../context.ts';
import { isReference } from '../references/reference.ts';
import { described, reference, referenceOr, text } from '../values.ts';

/** The members of a Redis store that say which Redis it is. */
export const redisMembers = {
  url: described(
    'redis://HOST:PORT/DATABASE or rediss://, without a password; or a reference to such a URL, which may have one.',
    referenceOr('rediss?://.+', 'redis://HOST:PORT/DATABASE or rediss://'),
  ),
  username: described('The user of an access control list.', v.optional(text)),
  password: described('A reference to the password.', v.optional(reference)),
  tls: described(
    'Connects by TLS, as rediss:// does, and trusts these certificates instead of the usual ones.',
    v.optional(v.strictObject({ ca: described('A reference to certificates in PEM.', reference) })),
  ),
  cluster: described('Whether the server is one of a cluster, which it is asked for.', v.optional(v.boolean())),
};

const redis = v.strictObject(redisMembers);

/** Which Redis a configuration means, by its URL and what stands beside it. */
export const redisOf = (written: v.InferOutput<typeof redis>, { secret, text, fault }: ConfigContext): RedisServer => {
  const url = text('store.url', written.url);
  const parsed = readUrl(url);
  if (parsed === undefined) {
    // A reference that leads nowhere has its fault already.
    if (url !== '') fault('store.url', 'must be redis://HOST:PORT/DATABASE, rediss:// or a reference to such a URL');
    return { host: '', port: 0, database: 0 };
  }
  if (parsed.password !== '' && !isReference(written.url)) {
    fault('store.url', 'must have no password: put a reference to it into `password`');
  }
  const inUrl = parsed.password === '' ? undefined : new Secret(decodeURIComponent(parsed.password));
  const password = written.password === undefined ? inUrl : secret('store.password', written.password);
  const secure = parsed.protocol === 'rediss:' || written.tls !== undefined;
  if (password !== undefined && !secure && !isLoopbackHost(parsed.hostname)) {
    fault('store.url', 'must be rediss, or its password would be sent in the clear');
  }
  const database = Number(parsed.pathname.slice(1));
  if (written.cluster === true && database !== 0) fault('store.url', 'must name no database: a cluster has only one');
  return omitUndefined({
    // A socket takes an address without brackets.
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? 6379 : Number(parsed.port),
    database,
    username: written.username ?? (parsed.username === '' ? undefined : decodeURIComponent(parsed.username)),
    password,
    tls: secure ? omitUndefined({ ca: written.tls && secret('store.tls.ca', written.tls.ca).reveal() }) : undefined,
    cluster: written.cluster,
  });
};

const readUrl = (text: string): URL | undefined => {
  const url = /^rediss?:\/\//.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  const isKnown =
    url !== undefined && url.hostname !== '' && /^(\/\d{0,4})?$/.test(url.pathname) && url.search + url.hash === '';
  return isKnown && isEscapedText(url.username) && isEscapedText(url.password) ? url : undefined;
};

/** Whether the escapes of a part of a URL are valid. */
const isEscapedText = (escaped: string): boolean => {
  try {
    decodeURIComponent(escaped);
    return true;
  } catch {
    return false;
  }
};
