import { hash } from 'node:crypto';
import type { Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineNaming, letters } from '../define-naming.ts';
import { seconds } from './limits.ts';

// https://www.volcengine.com/docs/6257/1902650 has the names of users and sessions. Those of federated users are
// inferred from them: Volcengine has none.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** How Volcengine names its identities: by TRN. */
export const naming: Naming = /* @__PURE__ */ defineNaming(
  {
    role: ({ accountId, roleName, sessionName }) => `trn:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    federated: ({ accountId, sessionName }) => `trn:sts::${accountId}:federated-user/${sessionName}`,
    user: (accountId, name) => `trn:iam::${accountId}:user/${name}`,
  },
  {
    grammar: grammars.volcengine,
    seconds,
    roles: (accountId, name) => [`trn:iam::${accountId}:role/${name}`],
    identifier: (kind, seed) => {
      const digest = hash('sha256', seed, 'buffer');
      // An account is a number of ten digits, a user or a role a shorter one.
      return kind === 'account'
        ? String(2_100_000_000 + (digest.readUInt32BE() % 100_000_000))
        : String(10_000_000 + (digest.readUInt32BE() % 90_000_000));
    },
    accessKeyId: (random) => `AKTP${letters(alphabet, random, 43)}`,
  },
);
