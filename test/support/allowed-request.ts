import { rulesOf } from '../../lib/app/rules.ts';
import { type Config, readConfig } from '../../lib/config/load.ts';
import type { Account, Cloud } from '../../lib/core/cloud.ts';
import type { MintOperation, MintRequest, TokenRequest } from '../../lib/core/requests.ts';
import { authorize } from '../../lib/grants/authorize.ts';

const configs = new WeakMap<Cloud, Config>();

/** A configuration with one account of the cloud, and nothing in the way. */
const configOf = (cloud: Cloud): Config => {
  const known = configs.get(cloud);
  if (known !== undefined) return known;
  const config = readConfig(
    {
      accounts: {
        account: { cloud: cloud.id, endpoint: 'https://x.example/', key: { id: 'id', secret: 'env:SECRET' } },
      },
      callers: { ci: {} },
      grants: [
        {
          name: 'everything',
          callers: ['ci'],
          account: 'account',
          operations: ['AssumeRole', 'GetFederationToken', 'GetSessionToken', 'AssumeRoleWithWebIdentity'],
          roles: ['**'],
          accepts: ['policy', 'tags', 'sourceIdentity'],
        },
      ],
    },
    { folder: '/nowhere', environment: { SECRET: 'secret' } },
    [cloud],
  );
  configs.set(cloud, config);
  return config;
};

/** A request that has been allowed at an account: only `authorize` can make one. */
export const allowed = <Op extends MintOperation>(
  cloud: Cloud,
  account: Account,
  request: TokenRequest<Op>,
): MintRequest<Op> => {
  const rules = rulesOf({ ...configOf(cloud), accounts: new Map([['account', account]]) }, [cloud], undefined);
  const question = { caller: { name: 'ci', proof: 'accessKey' }, request, dialect: 'json', now: new Date(0) } as const;
  // An identity token is shown to the cloud only by an account that has no key, which is not decided here.
  const made = authorize(rules, question);
  return { ...made, ...request, durationSeconds: made.durationSeconds } as unknown as MintRequest<Op>;
};
