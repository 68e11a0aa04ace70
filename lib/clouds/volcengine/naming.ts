import { hash } from 'node:crypto';
import type { NamedSession, Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { seconds } from './limits.ts';

// https://www.volcengine.com/docs/6257/1902650 has the names of users and sessions. Those of federated users are
// inferred from them: Volcengine has none.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const letters = (bytes: Uint8Array, count: number): string =>
  Array.from({ length: count }, (_, index) => alphabet[(bytes[index % bytes.length] ?? 0) % alphabet.length]).join('');

const trn = ({ accountId, kind, roleName, sessionName, callerName }: NamedSession): string => {
  if (kind === 'role') return `trn:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
  return kind === 'federated'
    ? `trn:sts::${accountId}:federated-user/${sessionName}`
    : `trn:iam::${accountId}:user/${callerName}`;
};

const identityId = ({ accountId, kind, roleId, sessionName, callerId }: NamedSession): string => {
  if (kind === 'role') return `${roleId}:${sessionName}`;
  return kind === 'federated' ? `${accountId}:${sessionName}` : callerId;
};

/** How Volcengine names its identities: by TRN. */
export const naming: Naming = {
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
  user: (accountId, name, id) => ({ accountId, userId: id, arn: `trn:iam::${accountId}:user/${name}`, type: 'user' }),
  session: (session) => ({
    accountId: session.accountId,
    userId: identityId(session),
    arn: trn(session),
    type: session.kind,
  }),
  subject: (session) => ({ arn: trn(session), id: identityId(session) }),
  accessKeyId: (random) => `AKTP${letters(random, 43)}`,
};
