import { hash } from 'node:crypto';
import type { NamedSession, Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { seconds } from './limits.ts';

// The URNs of agencies and of their sessions are those of the pages of STS5, https://support.huaweicloud.com/api-iam5.
// The names of federated users are inferred from them.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const letters = (bytes: Uint8Array, count: number): string =>
  Array.from({ length: count }, (_, index) => alphabet[(bytes[index % bytes.length] ?? 0) % alphabet.length]).join('');

const urn = ({ accountId, kind, roleName, sessionName, callerName }: NamedSession): string => {
  if (kind === 'role') return `sts::${accountId}:assumed-agency:${roleName}/${sessionName}`;
  return kind === 'federated'
    ? `sts::${accountId}:federated-user:${sessionName}`
    : `iam::${accountId}:user:${callerName}`;
};

const principalId = ({ accountId, kind, roleId, sessionName, callerId }: NamedSession): string => {
  if (kind === 'role') return `${roleId}:${sessionName}`;
  return kind === 'federated' ? `${accountId}:${sessionName}` : callerId;
};

/** How Huawei Cloud names its identities: by URN; a role is an agency. */
export const naming: Naming = {
  grammar: grammars.huawei,
  seconds,
  roles: (accountId, name) => [`iam::${accountId}:agency:${name}`],
  // Every id is 32 hex digits.
  identifier: (kind, seed) => hash('sha256', `${kind} ${seed}`, 'hex').slice(0, 32),
  user: (accountId, name, id) => ({ accountId, userId: id, arn: `iam::${accountId}:user:${name}`, type: 'user' }),
  session: (session) => ({
    accountId: session.accountId,
    userId: principalId(session),
    arn: urn(session),
    type: session.kind,
  }),
  subject: (session) => ({ arn: urn(session), id: principalId(session) }),
  accessKeyId: (random) => `HST${letters(random, 20)}`,
};
