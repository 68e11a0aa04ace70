import type { Account, Upstream } from '../../core/cloud.ts';
import type { Probe, ProbeName } from '../../core/probe.ts';
import type { MintOperation } from '../../core/requests.ts';
import { normalize, normalizeIdentity } from './normalize.ts';
import { profileOf } from './profiles.ts';
import { call } from './provider.ts';

const absentRole = 'arn:aws:iam::000000000000:role/credmint-doctor-does-not-exist';
const allowsNothing = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';

const probe = (
  account: Account,
  name: ProbeName,
  operation: string,
  said: readonly (readonly [string, string])[] = [],
): Probe => ({
  name,
  request: call(operation, account, said, profileOf(account.profile ?? '')?.path),
  read: (response) => {
    if (operation === 'GetCallerIdentity') normalizeIdentity(response);
    else normalize(response);
  },
});

/** Asks a store what it has of AWS STS. What is obtained lasts 900 seconds, the least that there is. */
export const probes: NonNullable<Upstream['probes']> = (account, role) => {
  const seconds = ['DurationSeconds', '900'] as const;
  const assume = (name: ProbeName, roleArn: string, ...more: (readonly [string, string])[]): Probe =>
    probe(account, name, 'AssumeRole' satisfies MintOperation, [
      ['RoleArn', roleArn],
      ['RoleSessionName', 'credmint-doctor'],
      ...more,
      seconds,
    ]);
  const someRole = role ?? absentRole;
  return [
    // How it refuses what it does not have, to tell that from other refusals.
    probe(account, 'NoSuchOperation', 'CredmintDoctorNoSuchOperation'),
    probe(account, 'GetCallerIdentity', 'GetCallerIdentity'),
    assume('AssumeRole', someRole),
    assume('AssumeRole with a policy', someRole, ['Policy', allowsNothing]),
    assume('AssumeRole with a malformed policy', someRole, ['Policy', '{']),
    assume('AssumeRole of a role that does not exist', absentRole),
    probe(account, 'GetFederationToken', 'GetFederationToken', [
      ['Name', 'credmint-doctor'],
      ['Policy', allowsNothing],
      seconds,
    ]),
    probe(account, 'GetSessionToken', 'GetSessionToken', [seconds]),
  ];
};
