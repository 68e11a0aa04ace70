import { hash } from 'node:crypto';
import type { NamedSession, Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { seconds } from './limits.ts';

// Roles, users and company ids are named as in https://docs.ucloud.cn/iam/ (cross-account access). The names of
// sessions, and the forms of role and user ids, are documented nowhere: they are inferred from AWS's and from UCloud's
// own resource ids (`uhost-x1y2z3`).

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

const letters = (bytes: Uint8Array, count: number): string =>
  Array.from({ length: count }, (_, index) => alphabet[(bytes[index % bytes.length] ?? 0) % alphabet.length]).join('');

const arn = ({ accountId, kind, roleName, sessionName, callerName }: NamedSession): string => {
  if (kind === 'role') return `ucs:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
  return kind === 'federated'
    ? `ucs:sts::${accountId}:federated-user/${sessionName}`
    : `ucs:iam::${accountId}:user/${callerName}`;
};

const userId = ({ accountId, kind, roleId, sessionName, callerId }: NamedSession): string => {
  if (kind === 'role') return `${roleId}:${sessionName}`;
  return kind === 'federated' ? `${accountId}:${sessionName}` : callerId;
};

/** How UCloud names its identities: by URN. */
export const naming: Naming = {
  grammar: grammars.ucloud,
  seconds: { AssumeRole: seconds },
  roles: (accountId, name) => [`ucs:iam::${accountId}:role/${name}`],
  identifier: (kind, seed) => {
    const digest = hash('sha256', seed, 'buffer');
    // A company id is a number of eight digits or so.
    if (kind === 'account') return String(10_000_000 + (digest.readUInt32BE() % 90_000_000));
    return `${kind}-${letters(digest, 10)}`;
  },
  user: (accountId, name, id) => ({ accountId, userId: id, arn: `ucs:iam::${accountId}:user/${name}`, type: 'user' }),
  session: (session) => ({
    accountId: session.accountId,
    userId: userId(session),
    arn: arn(session),
    type: session.kind,
  }),
  subject: (session) => ({ arn: arn(session), id: userId(session) }),
  // `STS.…`, as the metadata service's pages show it.
  accessKeyId: (random) => `STS.${letters(random, 20)}`,
};
