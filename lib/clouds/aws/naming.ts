import { hash } from 'node:crypto';
import type { NamedSession, Naming } from '../../core/naming.ts';
import { grammars } from '../../policies/grammars.ts';
import { seconds } from './limits.ts';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const letters = (bytes: Uint8Array, count: number): string => {
  let text = '';
  for (let index = 0; index < count; index++) text += base32[(bytes[index % bytes.length] ?? 0) % 32];
  return text;
};

const digest = (seed: string): Uint8Array => hash('sha256', seed, 'buffer');

const userId = (session: NamedSession): string => {
  if (session.kind === 'role') return `${session.roleId}:${session.sessionName}`;
  return session.kind === 'federated' ? `${session.accountId}:${session.sessionName}` : session.callerId;
};

const arn = (session: NamedSession): string => {
  const { accountId } = session;
  if (session.kind === 'role') {
    return `arn:aws:sts::${accountId}:assumed-role/${session.roleName}/${session.sessionName}`;
  }
  return session.kind === 'federated'
    ? `arn:aws:sts::${accountId}:federated-user/${session.sessionName}`
    : `arn:aws:iam::${accountId}:user/${session.callerName}`;
};

/** How AWS names its identities: by ARN. */
export const naming: Naming = {
  grammar: grammars.iam,
  seconds,
  roles: (accountId, name) => [`arn:aws:iam::${accountId}:role/${name}`],
  identifier: (kind, seed) => {
    if (kind === 'account') {
      const number = Buffer.from(digest(seed)).readBigUInt64BE() % 900_000_000_000n;
      return String(number + 100_000_000_000n);
    }
    return `${kind === 'role' ? 'AROA' : 'AIDA'}${letters(digest(seed), 17)}`;
  },
  user: (accountId, name, id) => ({
    accountId,
    userId: id,
    arn: `arn:aws:iam::${accountId}:user/${name}`,
    type: 'user',
  }),
  session: (session) => ({
    accountId: session.accountId,
    userId: userId(session),
    arn: arn(session),
    type: session.kind,
  }),
  subject: (session) => ({ arn: arn(session), id: userId(session) }),
  accessKeyId: (random) => `ASIA${letters(random, 16)}`,
};
