import { hash } from 'node:crypto';
import type { Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { defineNaming, letters } from '../define-naming.ts';
import { seconds } from './limits.ts';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const digest = (seed: string): Uint8Array => hash('sha256', seed, 'buffer');

/** How AWS names its identities: by ARN. */
export const naming: Naming = /* @__PURE__ */ defineNaming(
  {
    role: ({ accountId, roleName, sessionName }) => `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
    federated: ({ accountId, sessionName }) => `arn:aws:sts::${accountId}:federated-user/${sessionName}`,
    user: (accountId, name) => `arn:aws:iam::${accountId}:user/${name}`,
  },
  {
    grammar: grammars.iam,
    seconds,
    roles: (accountId, name) => [`arn:aws:iam::${accountId}:role/${name}`],
    identifier: (kind, seed) => {
      if (kind === 'account') {
        const number = Buffer.from(digest(seed)).readBigUInt64BE() % 900_000_000_000n;
        return String(number + 100_000_000_000n);
      }
      return `${kind === 'role' ? 'AROA' : 'AIDA'}${letters(base32, digest(seed), 17)}`;
    },
    accessKeyId: (random) => `ASIA${letters(base32, random, 16)}`,
  },
);
