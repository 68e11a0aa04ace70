import { hash } from 'node:crypto';
import type { NamedSession, Naming } from '../../../lib/core/naming.ts';
import { acmeGrammar } from './grammar.ts';
import { seconds } from './provider.ts';

const arnOf = ({ accountId, kind, roleName, sessionName, callerName }: NamedSession): string =>
  kind === 'user' ? `acme:${accountId}:user/${callerName}` : `acme:${accountId}:${kind}/${roleName}/${sessionName}`;

const idOf = ({ kind, roleId, callerId, sessionName }: NamedSession): string =>
  kind === 'user' ? callerId : `${roleId}:${sessionName}`;

export const naming: Naming = {
  grammar: acmeGrammar,
  seconds: { AssumeRole: seconds },
  roles: (accountId, name) => [`acme:${accountId}:role/${name}`],
  identifier: (kind, seed) => `${kind}-${hash('sha256', seed).slice(0, 12)}`,
  user: (accountId, name, id) => ({ accountId, userId: id, arn: `acme:${accountId}:user/${name}`, type: 'user' }),
  session: (session) => ({
    accountId: session.accountId,
    userId: idOf(session),
    arn: arnOf(session),
    type: session.kind,
  }),
  subject: (session) => ({ arn: arnOf(session), id: idOf(session) }),
  accessKeyId: (random) => `ACME${Buffer.from(random).toString('hex')}`,
};
