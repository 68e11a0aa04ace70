import { hash } from 'node:crypto';
import type { Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineNaming, letters } from '../define-naming.ts';
import { seconds } from './limits.ts';

// The URNs of agencies and of their sessions are those of the pages of STS5, https://support.huaweicloud.com/api-iam5.
// The names of federated users are inferred from them.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** How Huawei Cloud names its identities: by URN; a role is an agency. */
export const naming: Naming = /* @__PURE__ */ defineNaming(
  {
    role: ({ accountId, roleName, sessionName }) => `sts::${accountId}:assumed-agency:${roleName}/${sessionName}`,
    federated: ({ accountId, sessionName }) => `sts::${accountId}:federated-user:${sessionName}`,
    user: (accountId, name) => `iam::${accountId}:user:${name}`,
  },
  {
    grammar: grammars.huawei,
    seconds,
    roles: (accountId, name) => [`iam::${accountId}:agency:${name}`],
    // Every id is 32 hex digits.
    identifier: (kind, seed) => hash('sha256', `${kind} ${seed}`, 'hex').slice(0, 32),
    accessKeyId: (random) => `HST${letters(alphabet, random, 20)}`,
  },
);
