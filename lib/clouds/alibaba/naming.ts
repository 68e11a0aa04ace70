import { hash } from 'node:crypto';
import type { Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineNaming, letters } from '../define-naming.ts';
import { seconds } from './limits.ts';

// https://help.aliyun.com/zh/ram/developer-reference/api-sts-2015-04-01-getcalleridentity shows the names of identities.
// The names of federated users are inferred from the others: Alibaba Cloud has none.

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** How Alibaba Cloud names its identities: by ARNs that begin with `acs:`. */
export const naming: Naming = /* @__PURE__ */ defineNaming(
  {
    role: ({ accountId, roleName, sessionName }) => `acs:ram::${accountId}:assumed-role/${roleName}/${sessionName}`,
    federated: ({ accountId, sessionName }) => `acs:sts::${accountId}:federated-user/${sessionName}`,
    user: (accountId, name) => `acs:ram::${accountId}:user/${name}`,
    // The reply to AssumeRole names the session under the role, that of GetCallerIdentity under `assumed-role`.
    issuedRole: ({ accountId, roleName, sessionName }) => `acs:ram::${accountId}:role/${roleName}/${sessionName}`,
  },
  {
    grammar: grammars.ram,
    seconds,
    roles: (accountId, name) => [`acs:ram::${accountId}:role/${name}`],
    identifier: (kind, seed) => {
      const digest = hash('sha256', seed, 'buffer');
      // An account is a number of 16 digits, a user or a role one of 18.
      const [least, span] = kind === 'account' ? [10n ** 15n, 9n * 10n ** 15n] : [2n * 10n ** 17n, 10n ** 17n];
      return String(least + (digest.readBigUInt64BE() % span));
    },
    accessKeyId: (random) => `STS.${letters(alphabet, random, 25)}`,
  },
);
