import { hash } from 'node:crypto';
import type { NamedSession, Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { seconds } from './limits.ts';

// URNs and ids as the pages of ECS 3.8 and ObjectScale 4.1 show them; the prefix of user ids is AWS's.

const hex = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, 8)).toString('hex').toUpperCase();

const arn = ({ accountId, kind, roleName, sessionName, callerName }: NamedSession): string => {
  if (kind === 'role') return `urn:ecs:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
  return kind === 'federated'
    ? `urn:ecs:sts::${accountId}:federated-user/${sessionName}`
    : `urn:ecs:iam::${accountId}:user/${callerName}`;
};

const userId = ({ accountId, kind, roleId, sessionName, callerId }: NamedSession): string => {
  if (kind === 'role') return `${roleId}:${sessionName}`;
  return kind === 'federated' ? `${accountId}:${sessionName}` : callerId;
};

/** How ECS names its identities: by URN, with the namespace in the place of AWS's account. */
export const naming: Naming = {
  grammar: grammars.iam,
  seconds,
  roles: (accountId, name) => [`urn:ecs:iam::${accountId}:role/${name}`],
  identifier: (kind, seed) => {
    const digest = hash('sha256', seed, 'buffer');
    if (kind === 'account')
      return `ns${Array.from(digest.subarray(0, 6), (byte) => 'abcdefghijklmnopqrstuvwxyz'[byte % 26]).join('')}`;
    return `${kind === 'role' ? 'AROA' : 'AIDA'}${hex(digest)}`;
  },
  user: (accountId, name, id) => ({
    accountId,
    userId: id,
    arn: `urn:ecs:iam::${accountId}:user/${name}`,
    type: 'user',
  }),
  session: (session) => ({
    accountId: session.accountId,
    userId: userId(session),
    arn: arn(session),
    type: session.kind,
  }),
  subject: (session) => ({ arn: arn(session), id: userId(session) }),
  accessKeyId: (random) => `ASIA${hex(random)}`,
};
