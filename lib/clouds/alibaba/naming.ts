import { hash } from 'node:crypto';
import type { NamedSession, Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { seconds } from './limits.ts';

// https://help.aliyun.com/zh/ram/developer-reference/api-sts-2015-04-01-getcalleridentity shows the names of identities.
// The names of federated users are inferred from the others: Alibaba Cloud has none.

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

const letters = (bytes: Uint8Array, count: number): string =>
  Array.from({ length: count }, (_, index) => alphabet[(bytes[index % bytes.length] ?? 0) % alphabet.length]).join('');

const arn = ({ accountId, kind, roleName, sessionName, callerName }: NamedSession): string => {
  if (kind === 'role') return `acs:ram::${accountId}:assumed-role/${roleName}/${sessionName}`;
  return kind === 'federated'
    ? `acs:sts::${accountId}:federated-user/${sessionName}`
    : `acs:ram::${accountId}:user/${callerName}`;
};

const userId = ({ accountId, kind, roleId, sessionName, callerId }: NamedSession): string => {
  if (kind === 'role') return `${roleId}:${sessionName}`;
  return kind === 'federated' ? `${accountId}:${sessionName}` : callerId;
};

/** How Alibaba Cloud names its identities: by ARNs that begin with `acs:`. */
export const naming: Naming = {
  grammar: grammars.ram,
  seconds,
  roles: (accountId, name) => [`acs:ram::${accountId}:role/${name}`],
  identifier: (kind, seed) => {
    const digest = hash('sha256', seed, 'buffer');
    // An account is a number of 16 digits, a user or a role one of 18.
    const [least, span] = kind === 'account' ? [10n ** 15n, 9n * 10n ** 15n] : [2n * 10n ** 17n, 10n ** 17n];
    return String(least + (digest.readBigUInt64BE() % span));
  },
  user: (accountId, name, id) => ({
    accountId,
    userId: id,
    arn: `acs:ram::${accountId}:user/${name}`,
    type: 'user',
  }),
  session: (session) => ({
    accountId: session.accountId,
    userId: userId(session),
    arn: arn(session),
    type: session.kind,
  }),
  // The reply to AssumeRole names the session under the role, that of GetCallerIdentity under `assumed-role`.
  subject: (session) => ({
    arn:
      session.kind === 'role'
        ? `acs:ram::${session.accountId}:role/${session.roleName}/${session.sessionName}`
        : arn(session),
    id: userId(session),
  }),
  accessKeyId: (random) => `STS.${letters(random, 25)}`,
};
