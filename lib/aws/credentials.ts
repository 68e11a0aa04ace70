import { readFile } from 'node:fs/promises';
import type { AccessKey } from '../core/credentials.ts';
import { type HttpResponse, requestTo } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import type { Transport } from '../core/transport.ts';
import { member, readJson } from '../wire/json.ts';

/** From where a process on AWS gets the credentials of its own role. */
export type AwsSource =
  /** From its environment, as on Lambda: they live as long as the process. */
  | { readonly key: AccessKey }
  /** From a local endpoint, as on ECS, on EKS, and on Lambda started from a snapshot. */
  | { readonly url: URL; readonly token?: Secret; readonly tokenFile?: string };

/** Returns the current credentials; rejects if there are none. */
export type AwsCredentials = (signal: AbortSignal) => Promise<AccessKey>;

/** New ones are fetched this long before the old ones expire: the endpoint has them ready by then. */
const refreshEarlyMs = 5 * 60_000;

/** The credentials of this process's own role, fetched anew before they expire, by one request at a time. */
export const awsCredentials = (source: AwsSource, transport: Transport, now: () => Date): AwsCredentials => {
  if ('key' in source) return async () => source.key;
  let held: { readonly key: AccessKey; readonly expiration: Date } | undefined;
  let fetching: Promise<AccessKey> | undefined;

  const fetchThem = async (signal: AbortSignal): Promise<AccessKey> => {
    held = readCredentials(await transport(await question(source), signal));
    return held.key;
  };

  return async (signal) => {
    if (held !== undefined && held.expiration.getTime() - refreshEarlyMs > now().getTime()) return held.key;
    fetching ??= fetchThem(signal).finally(() => {
      fetching = undefined;
    });
    const last = held;
    return fetching.catch((thrown: unknown) => {
      // The old credentials are still valid, so they will do while the endpoint fails.
      if (last !== undefined && last.expiration > now()) return last.key;
      throw thrown;
    });
  };
};

const question = async ({ url, token, tokenFile }: Exclude<AwsSource, { key: AccessKey }>) => {
  // Read each time: on EKS the file is written anew every hour.
  const authorization = tokenFile === undefined ? token : new Secret((await readFile(tokenFile, 'utf8')).trim());
  return requestTo(url, {
    method: 'GET',
    headers: {
      accept: 'application/json',
      ...(authorization === undefined ? {} : { authorization: authorization.reveal() }),
    },
  });
};

const readCredentials = ({ status, body }: HttpResponse): { readonly key: AccessKey; readonly expiration: Date } => {
  const content = status === 200 ? readJson(body) : undefined;
  const [id, secret, token, end] = ['AccessKeyId', 'SecretAccessKey', 'Token', 'Expiration'].map((name) => {
    const value = member(content, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  });
  const expiration = new Date(end ?? '');
  if (id === undefined || secret === undefined || Number.isNaN(expiration.getTime())) {
    throw new Error('The container credentials endpoint gave no credentials.');
  }
  const key = omitUndefined({
    id,
    secret: new Secret(secret),
    token: token === undefined ? undefined : new Secret(token),
  });
  return { key, expiration };
};
