import type { Account } from '../../core/cloud.ts';
import type { AccessKey } from '../../core/credentials.ts';
import { StsError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Secret } from '../../core/secret.ts';
import { type ConfigContext, isRemote, lookUp } from '../references/local.ts';
import type { WrittenConfig } from '../schema.ts';
import type { CallersContext } from './callers.ts';

/** Finds what a reference leads to, now. */
export type Look = (reference: string) => Secret | undefined;

/** An account as it is used, from one as it is written. */
export const accountOf = (
  name: string,
  written: WrittenConfig['accounts'][string],
  look: Look,
  { secret, complain }: CallersContext,
): Account => {
  // In process: nothing is ever sent there.
  if (written.cloud === 'authority') return { name, cloud: written.cloud, endpoint: new URL('urn:credmint:authority') };
  const { endpoint, key, webIdentity, ...rest } = written;
  const path = `accounts.${name}`;
  if (key === undefined && webIdentity === undefined) complain(path, 'must have a key or a webIdentity');
  return omitUndefined({
    ...rest,
    name,
    endpoint: new URL(endpoint),
    key:
      key &&
      omitUndefined({
        // It is changed together with the secret, so it may be kept together with it.
        id: isRemote(key.id) ? secret(`${path}.key.id`, key.id).reveal() : key.id,
        secret: secret(`${path}.key.secret`, key.secret),
        token: key.token === undefined ? undefined : secret(`${path}.key.token`, key.token),
      }),
    webIdentity:
      webIdentity &&
      omitUndefined({
        reference: webIdentity.token,
        providerId: webIdentity.providerId,
        // Read anew each time: such a token is a file that somebody else keeps fresh.
        token: async () => {
          const token = look(webIdentity.token);
          if (token === undefined) throw new StsError('Misconfigured', `The account ${name} has no identity token.`);
          return token;
        },
      }),
  });
};

/** How the keys of accounts are read again which are not of this process. */
export const remoteKeys = (
  written: WrittenConfig,
  surroundings: ConfigContext,
): ReadonlyMap<string, () => Promise<AccessKey | undefined>> => {
  const { remote } = surroundings;
  if (remote === undefined) return new Map();
  return new Map(
    Object.entries(written.accounts).flatMap(([name, account]) => {
      if (account.cloud === 'authority' || account.key === undefined) return [];
      const { id, secret, token } = account.key;
      const references = [id, secret, token].filter((each) => each !== undefined && isRemote(each)) as string[];
      if (references.length === 0) return [];
      const reread = async (): Promise<AccessKey | undefined> => {
        const around = { ...surroundings, remote: { ...remote, found: await remote.follow(references) } };
        const [newId, newSecret] = [isRemote(id) ? lookUp(id, around)?.reveal() : id, lookUp(secret, around)];
        const newToken = token === undefined ? undefined : lookUp(token, around);
        if (newId === undefined || newSecret === undefined) return undefined;
        return omitUndefined({ id: newId, secret: newSecret, token: newToken });
      };
      return [[name, reread]];
    }),
  );
};
