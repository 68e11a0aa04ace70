import { rulesOf } from '../../lib/app/rules.ts';
import { readConfig } from '../../lib/config/load.ts';
import type { Account, Cloud } from '../../lib/core/cloud.ts';
import type { MintOperation, MintRequest, TokenRequest } from '../../lib/core/requests.ts';
import { authorize } from '../../lib/grants/authorize.ts';

/** A request that has been allowed at an account, with nothing in the way: only `authorize` can make one. */
export const allowed = <Op extends MintOperation>(
  cloud: Cloud,
  account: Account,
  request: TokenRequest<Op>,
): MintRequest<Op> => {
  const config = readConfig(
    {
      accounts: {
        account: { cloud: cloud.id, endpoint: account.endpoint.href, key: { id: 'id', secret: 'env:SECRET' } },
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
  );
  const rules = rulesOf({ ...config, accounts: new Map([['account', account]]) }, [cloud], undefined);
  const question = { caller: { name: 'ci', proof: 'accessKey' }, request, dialect: 'json', now: new Date(0) } as const;
  // An identity token is shown to the cloud only by an account that has no key, which is not decided here.
  const made = authorize(rules, question);
  return { ...made, ...request, durationSeconds: made.durationSeconds } as unknown as MintRequest<Op>;
};
