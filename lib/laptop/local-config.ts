import type { Cloud } from '../core/cloud.ts';
import { consoleAccount, mintOperations } from '../core/requests.ts';

interface LocalAccount {
  readonly cloud: Cloud;
  readonly keyId: string;
  readonly accountId: string;
  readonly role: string;
}

const everything = [...mintOperations, 'GetCallerIdentity'];

const keylessAudience = 'authority';

/** Whoever uses this laptop. */
export const localCaller = 'local';

/** What is there only if this server plays AWS. */
const ofAws = <Part extends object>(accounts: readonly LocalAccount[], part: () => Part): Partial<Part> =>
  accounts.some(({ cloud }) => cloud.id === 'aws') ? part() : {};

/**
 * The configuration of a laptop, in the same form as any other. One account for each cloud points back at this very
 * server, whose built-in authority takes the place of the clouds; the caller `upstream` is those accounts.
 */
export const localConfig = (url: string, keyId: string, accounts: readonly LocalAccount[]) => ({
  issuer: { url, keys: ['file:keys/issuer.pem'] },
  accounts: {
    ...Object.fromEntries(
      accounts.map(({ cloud, keyId: id, role }) => [
        cloud.id,
        {
          cloud: cloud.id,
          endpoint: `${url}/`,
          key: { id, secret: `file:keys/account-${cloud.id}.secret` },
          ...('GetFederationToken' in cloud.provider.operations ? {} : { federationRole: role }),
        },
      ]),
    ),
    authority: { cloud: 'authority' },
    // No key at all: the authority trusts the issuer of this server, as a cloud would.
    ...ofAws(accounts, () => ({
      keyless: { cloud: 'aws', endpoint: `${url}/`, webIdentity: { token: 'issuer', audience: keylessAudience } },
    })),
  },
  callers: {
    [localCaller]: {
      accessKey: { id: keyId, secret: 'file:keys/local.secret' },
      jwt: { issuer: url, audience: 'credmint', jwks: 'file:keys/issuer.jwks.json', algorithms: ['ES256'] },
    },
    keyless: { jwt: { issuer: url, audience: keylessAudience, algorithms: ['ES256'], claims: { sub: 'account:**' } } },
    upstream: {
      accessKey: accounts.map(({ cloud, keyId: id }) => ({ id, secret: `file:keys/account-${cloud.id}.secret` })),
    },
  },
  // The caller `local` is proven by a token of this server's own issuer, and `keyless` is an account of its own: so each
  // grant says that such tokens are good for it.
  grants: [
    // By the JSON API: any account, over the wire.
    ...accounts.map(({ cloud, role }) => ({
      name: `local-${cloud.id}`,
      callers: [localCaller],
      dialects: ['json', 'event'],
      account: cloud.id,
      operations: everything,
      roles: [role],
      accepts: ['policy', 'tags', 'sourceIdentity'],
      ownTokens: true,
    })),
    ...accounts.flatMap(({ cloud, role }) =>
      cloud.id === 'aws'
        ? [
            {
              name: 'local-keyless',
              callers: [localCaller],
              dialects: ['json', 'event'],
              account: 'keyless',
              operations: ['AssumeRole'],
              roles: [role],
              ownTokens: true,
            },
          ]
        : [],
    ),
    // For everything that trusts OIDC.
    {
      name: 'tokens',
      callers: [localCaller],
      account: 'issuer',
      operations: ['IssueToken'],
      accepts: ['tags'],
      token: { audiences: ['**'] },
      ownTokens: true,
    },
    // The page of this server.
    { name: 'console', callers: [localCaller], account: consoleAccount, operations: ['Observe'], ownTokens: true },
    // That the lease below is refreshed, and that it may be read.
    ...accounts.flatMap(({ cloud, role }) => {
      if (cloud.id !== 'aws') return [];
      const account = cloud.id;
      return [
        { name: 'keep-demo', callers: ['leases'], account, operations: ['AssumeRole'], roles: [role] },
        {
          name: 'read-demo',
          callers: [localCaller],
          dialects: ['json'],
          account,
          operations: ['ReadLease', 'ListLeases'],
          leases: ['demo'],
          ownTokens: true,
        },
      ];
    }),
    // At the drop-in endpoint: the authority itself, in every dialect.
    {
      name: 'drop-in',
      callers: [localCaller, 'upstream', 'keyless', 'session'],
      dialects: accounts.map(({ cloud }) => cloud.id),
      account: 'authority',
      operations: everything,
      roles: ['**'],
      accepts: ['policy', 'tags', 'sourceIdentity'],
      ownTokens: true,
    },
  ],
  // Refreshed by the server itself, for `GET /leases/demo`.
  leases: Object.fromEntries(
    accounts.flatMap(({ cloud, role }) =>
      cloud.id === 'aws' ? [['demo', { operation: 'AssumeRole', account: cloud.id, role }]] : [],
    ),
  ),
  events: {
    sources: { direct: 'local' },
    recipients: {
      me: {
        jwk: 'file:keys/recipient.public.json',
        callers: [localCaller],
        // Replaced on a laptop: `POST /events` has the reply in its answer.
        reply: { kind: 'webhook', url: `${url}/replies`, secret: 'file:keys/webhook' },
      },
    },
  },
  authority: {
    keys: ['file:keys/authority'],
    accountIds: Object.fromEntries(accounts.map(({ cloud, accountId }) => [cloud.id, accountId])),
    roles: { demo: { trust: ['local', 'upstream', 'keyless', 'role:demo'], maxSessionDurationSeconds: 43_200 } },
  },
  // Used signatures and ended logins are remembered when the server starts again.
  store: { kind: 'sqlite', path: 'store.sqlite', sealingKeys: ['file:keys/store'] },
  // Beside the configuration, so that the terminal stays readable.
  audit: { sink: { kind: 'file', path: 'audit.jsonl' }, key: 'file:keys/audit.pem' },
});
