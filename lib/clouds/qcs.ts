import { hash } from 'node:crypto';
import type { Identity } from '../core/credentials.ts';
import type { NamedSession, Naming } from '../core/naming.ts';
import { grammars } from '../policies/grammars.ts';

// How Tencent Cloud names identities, the same in both editions of its API:
// https://cloud.tencent.com/document/api/1312/66098 (GetCallerIdentity) and 1312/48197 (AssumeRole).

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const digest = (seed: string | Uint8Array): Buffer => hash('sha256', seed, 'buffer');

/** Users and accounts have a uin of twelve digits, roles a number of nineteen that begins at 2^62. */
const identifier: Naming['identifier'] = (kind, seed) => {
  const number = digest(seed).readBigUInt64BE();
  return kind === 'role'
    ? String(2n ** 62n + (number % 10n ** 15n))
    : String(10n ** 11n + (number % (9n * 10n ** 11n)));
};

const userIdentity = (accountId: string, id: string): Identity => ({
  accountId,
  userId: id,
  arn: `qcs::cam:${accountId}:uin/${id}`,
  principalId: id,
  type: 'user',
});

const sessionIdentity = (session: NamedSession): Identity => {
  const { accountId, kind, roleId, callerId, sessionName } = session;
  if (kind === 'user') return userIdentity(accountId, callerId);
  const role = kind === 'role';
  return {
    accountId,
    userId: `${role ? roleId : callerId}:${sessionName}`,
    arn: `qcs::sts:${accountId}:${role ? `assumed-role/${roleId}` : `federated-user/${callerId}`}`,
    // The uin that asked for the credentials, also for a role or a federated user.
    principalId: callerId,
    type: kind,
  };
};

/** The names of Tencent Cloud, for an edition that lets sessions be as long as this. */
export const qcsNaming = (seconds: Naming['seconds']): Naming => ({
  grammar: grammars.cam,
  seconds,
  roles: (accountId, name, id) => [
    `qcs::cam::uin/${accountId}:roleName/${name}`,
    `qcs::cam::uin/${accountId}:role/${id}`,
  ],
  identifier,
  user: (accountId, _name, id) => userIdentity(accountId, id),
  session: sessionIdentity,
  subject: (session) => {
    const { arn, userId } = sessionIdentity(session);
    return { arn, id: userId };
  },
  accessKeyId: (random) => {
    let text = 'AKID';
    for (const byte of digest(random)) text += alphanumeric[byte % alphanumeric.length];
    return text;
  },
});
