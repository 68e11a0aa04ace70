import type { Account } from '../sts/cloud.ts';
import type { AccessKey } from '../sts/credentials.ts';
import { StsError } from '../sts/errors.ts';
import { present } from '../sts/present.ts';
import type { Secret } from '../sts/secret.ts';
import type { Following } from './callers.ts';
import { isRemote, lookUp, type Surroundings } from './references.ts';
import type { WrittenConfig } from './schema.ts';

/** Finds what a reference leads to, now. */
export type Look = (reference: string) => Secret | undefined;

/** An account as it is used, from one as it is written. */
export const accountOf = (
  name: string,
  written: WrittenConfig['accounts'][string],
  look: Look,
  { secret, complain }: Following,
): Account => {
  // In process: nothing is ever sent there.
  if (written.cloud === 'authority') return { name, cloud: written.cloud, endpoint: new URL('urn:credmint:authority') };
  const { endpoint, key, webIdentity, ...rest } = written;
  const path = `accounts.${name}`;
  if (key === undefined && webIdentity === undefined) complain(path, 'must have a key or a webIdentity');
  return present({
    ...rest,
    name,
    endpoint: new URL(endpoint),
    key:
      key &&
      present({
        // It is changed together with the secret, so it may be kept together with it.
        id: isRemote(key.id) ? secret(`${path}.key.id`, key.id).reveal() : key.id,
        secret: secret(`${path}.key.secret`, key.secret),
        token: key.token === undefined ? undefined : secret(`${path}.key.token`, key.token),
      }),
    webIdentity:
      webIdentity &&
      present({
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
export const keysElsewhere = (
  written: WrittenConfig,
  surroundings: Surroundings,
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
        return present({ id: newId, secret: newSecret, token: newToken });
      };
      return [[name, reread]];
    }),
  );
};
