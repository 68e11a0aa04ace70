import { hash } from 'node:crypto';
import type { Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineNaming } from '../define-naming.ts';
import { seconds } from './limits.ts';

// URNs and ids as the pages of ECS 3.8 and ObjectScale 4.1 show them; the prefix of user ids is AWS's.

const hex = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, 8)).toString('hex').toUpperCase();

/** How ECS names its identities: by URN, with the namespace in the place of AWS's account. */
export const naming: Naming = /* @__PURE__ */ defineNaming(
  {
    role: ({ accountId, roleName, sessionName }) => `urn:ecs:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    federated: ({ accountId, sessionName }) => `urn:ecs:sts::${accountId}:federated-user/${sessionName}`,
    user: (accountId, name) => `urn:ecs:iam::${accountId}:user/${name}`,
  },
  {
    grammar: grammars.iam,
    seconds,
    roles: (accountId, name) => [`urn:ecs:iam::${accountId}:role/${name}`],
    identifier: (kind, seed) => {
      const digest = hash('sha256', seed, 'buffer');
      if (kind === 'account')
        return `ns${Array.from(digest.subarray(0, 6), (byte) => 'abcdefghijklmnopqrstuvwxyz'[byte % 26]).join('')}`;
      return `${kind === 'role' ? 'AROA' : 'AIDA'}${hex(digest)}`;
    },
    accessKeyId: (random) => `ASIA${hex(random)}`,
  },
);
