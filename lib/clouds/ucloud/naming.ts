import { hash } from 'node:crypto';
import type { Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineNaming, letters } from '../define-naming.ts';
import { seconds } from './limits.ts';

// Roles, users and company ids are named as in https://docs.ucloud.cn/iam/ (cross-account access). The names of
// sessions, and the forms of role and user ids, are documented nowhere: they are inferred from AWS's and from UCloud's
// own resource ids (`uhost-x1y2z3`).

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** How UCloud names its identities: by URN. */
export const naming: Naming = /* @__PURE__ */ defineNaming(
  {
    role: ({ accountId, roleName, sessionName }) => `ucs:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    federated: ({ accountId, sessionName }) => `ucs:sts::${accountId}:federated-user/${sessionName}`,
    user: (accountId, name) => `ucs:iam::${accountId}:user/${name}`,
  },
  {
    grammar: grammars.ucloud,
    seconds: { AssumeRole: seconds },
    roles: (accountId, name) => [`ucs:iam::${accountId}:role/${name}`],
    identifier: (kind, seed) => {
      const digest = hash('sha256', seed, 'buffer');
      // A company id is a number of eight digits or so.
      if (kind === 'account') return String(10_000_000 + (digest.readUInt32BE() % 90_000_000));
      return `${kind}-${letters(alphabet, digest, 10)}`;
    },
    // `STS.…`, as the metadata service's pages show it.
    accessKeyId: (random) => `STS.${letters(alphabet, random, 20)}`,
  },
);
