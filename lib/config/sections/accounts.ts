import * as v from 'valibot';
import type { CloudId } from '../../clouds/catalog.ts';
import type { Account } from '../../core/cloud.ts';
import type { CloudFacts } from '../../core/cloud-facts.ts';
import type { AccessKey } from '../../core/credentials.ts';
import { StsError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { RuntimeIdentity } from '../../identity/runtime-identity.ts';
import { accessKey, accessKeyOf, readAgain } from '../access-key.ts';
import type { ConfigContext } from '../context.ts';
import { runtimeIdentityOf } from '../runtime-identity.ts';
import { described, endpoint, name, referenceOr, text } from '../values.ts';

/** Typed as the ids of the catalogue, so that `authority` stays apart from them. */
export const idsOf = (clouds: readonly CloudFacts[]) => clouds.map(({ id }) => id) as CloudId[];

const cloudAccount = (clouds: readonly CloudFacts[]) =>
  v.strictObject({
    cloud: described('The system that the account is at; `authority` is the built-in STS.', v.picklist(idsOf(clouds))),
    endpoint: described('Where the cloud is called: https, or http on loopback. A path is kept.', endpoint),
    region: described('The region, as the cloud spells it.', v.optional(text)),
    key: described(
      'The access key that requests are signed with; `runtime` is the identity that this process has of its platform.',
      v.optional(v.union([v.literal('runtime'), accessKey])),
    ),
    role: described(
      'A role that is assumed first, as the cloud spells it; its credentials sign everything else.',
      v.optional(text),
    ),
    webIdentity: described(
      'Proves the account by an identity token instead of a key; roles are then assumed by AssumeRoleWithWebIdentity.',
      v.optional(
        v.strictObject({
          token: described(
            'A reference to the identity token, followed again for each mint; `issuer` is a token of our own issuer.',
            referenceOr('issuer', 'issuer'),
          ),
          audience: described('The audience of a token of our own issuer.', v.optional(text)),
          providerId: described("The cloud's name of the identity provider.", v.optional(text)),
        }),
      ),
    ),
    signature: described(
      'How requests are signed, if the cloud knows more than one way.',
      v.optional(v.picklist([...new Set(clouds.flatMap(({ signatures }) => signatures))])),
    ),
    profile: described(
      "The product that the account is at, if it speaks the cloud's protocol in part. What it cannot be told is refused.",
      v.optional(v.picklist(clouds.flatMap(({ profiles = {} }) => Object.keys(profiles)))),
    ),
    federationRole: described(
      'The role that GetFederationToken assumes instead; needed if the system does not have it: UCloud, Ceph RGW, MinIO.',
      v.optional(text),
    ),
    requestsPerSecond: described(
      "Calls a second and operation that the account's cloud takes, if it is not what the cloud publishes.",
      v.optional(v.pipe(v.number(), v.minValue(0.1), v.maxValue(100_000))),
    ),
    namespace: described('The namespace of an ECS management user.', v.optional(text)),
    projectId: described('The project of a UCloud account.', v.optional(text)),
  });

const authorityAccount = v.strictObject({
  cloud: described('The built-in STS, which needs nothing else.', v.literal('authority')),
});

/** Our identities at the clouds, by name. */
export const accountsOn = (clouds: readonly CloudFacts[]) =>
  v.record(name, v.variant('cloud', [cloudAccount(clouds), authorityAccount]));

export type WrittenAccounts = v.InferOutput<ReturnType<typeof accountsOn>>;

/** Accounts as they are used, by name. */
export const accountsOf = (
  written: WrittenAccounts,
  hasIssuer: boolean,
  context: ConfigContext,
): ReadonlyMap<string, Account> =>
  new Map([
    ...Object.entries(written).map(([name, account]) => [name, accountOf(name, account, context)] as const),
    ...(hasIssuer ? [['issuer', issuerAccount] as const] : []),
  ]);

/** What grants of tokens name: our own issuer, which nothing is ever sent to. */
const issuerAccount: Account = { name: 'issuer', cloud: 'issuer', endpoint: new URL('urn:credmint:issuer') };

const accountOf = (name: string, written: WrittenAccounts[string], context: ConfigContext): Account => {
  // In process: nothing is ever sent there.
  if (written.cloud === 'authority') return { name, cloud: written.cloud, endpoint: new URL('urn:credmint:authority') };
  const { endpoint, key, webIdentity, ...rest } = written;
  const path = `accounts.${name}`;
  const { profiles = {} } = context.clouds.find(({ id }) => id === written.cloud) ?? {};
  if (written.profile !== undefined && !Object.hasOwn(profiles, written.profile)) {
    context.fault(`${path}.profile`, `is not one of ${written.cloud}`);
  }
  if (key === undefined && webIdentity === undefined) context.fault(path, 'must have a key or a webIdentity');
  if (key !== undefined && webIdentity !== undefined) context.fault(path, 'must have a key or a webIdentity, not both');
  return omitUndefined({
    ...rest,
    name,
    endpoint: new URL(endpoint),
    key: key === 'runtime' ? undefined : key && accessKeyOf(key, `${path}.key`, context),
    runtime: key === 'runtime' ? (true as const) : undefined,
    webIdentity: webIdentity && webIdentityOf(name, webIdentity, context),
  });
};

type CloudAccount = Extract<WrittenAccounts[string], { readonly endpoint: string }>;

const webIdentityOf = (
  name: string,
  { token: reference, providerId, audience }: NonNullable<CloudAccount['webIdentity']>,
  context: ConfigContext,
): NonNullable<Account['webIdentity']> => {
  const own = reference === 'issuer';
  const path = `accounts.${name}.webIdentity.audience`;
  if (own && audience === undefined) context.fault(path, 'is missing');
  if (!own && audience !== undefined) context.fault(path, 'is for tokens of our own issuer');
  if (own) return omitUndefined({ reference, providerId, audience });
  // Read again each time: such a token is short-lived, and something else keeps it fresh.
  const token = async () => {
    const found = (await context.followAgain([reference]))(reference);
    if (found === undefined) throw new StsError('Misconfigured', `The account ${name} has no identity token.`);
    return found;
  };
  return omitUndefined({ reference, providerId, token });
};

/** The identity of this process, for each account that signs by it, by the account's name. */
export const runtimeIdentitiesOf = (
  written: WrittenAccounts,
  context: ConfigContext,
): ReadonlyMap<string, RuntimeIdentity> =>
  new Map(
    Object.entries(written).flatMap(([name, account]): [string, RuntimeIdentity][] => {
      if (account.cloud === 'authority' || account.key !== 'runtime') return [];
      const identity = runtimeIdentityOf(account.cloud, `accounts.${name}.key`, context);
      return identity === undefined ? [] : [[name, identity]];
    }),
  );

/** Reads an account's key again, as its references lead now; resolves to undefined if one leads nowhere. */
export type ReadKeyAgain = () => Promise<AccessKey | undefined>;

/** The access key id of each account as it is written, an id or the reference to one, by the account's name. */
export const writtenKeyIdsOf = (written: WrittenAccounts): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(written).flatMap(([name, account]): [string, string][] =>
      account.cloud === 'authority' || account.key === undefined || account.key === 'runtime'
        ? []
        : [[name, account.key.id]],
    ),
  );

/** How the key of each account is read again, by the account's name. */
export const keyReadersOf = (written: WrittenAccounts, context: ConfigContext): ReadonlyMap<string, ReadKeyAgain> =>
  new Map(
    Object.entries(written).flatMap(([name, account]): [string, ReadKeyAgain][] => {
      if (account.cloud === 'authority' || account.key === undefined || account.key === 'runtime') return [];
      const { key } = account;
      return [[name, () => readAgain(key, context)]];
    }),
  );
