import { expect, it } from 'vitest';
import type { MintOperation } from '../../lib/core/requests.ts';
import { calledOperation } from '../../lib/grants/called-operation.ts';

it.each<[MintOperation, string, string | undefined, MintOperation]>([
  ['AssumeRole', 'aws', 'role/x', 'AssumeRole'],
  ['GetSessionToken', 'aws', 'role/x', 'GetSessionToken'],
  ['GetFederationToken', 'aws', undefined, 'GetFederationToken'],
  ['GetFederationToken', 'aws', 'role/x', 'AssumeRole'],
  ['AssumeRoleWithWebIdentity', 'aws', undefined, 'AssumeRole'],
  ['AssumeRoleWithWebIdentity', 'authority', undefined, 'AssumeRoleWithWebIdentity'],
])(
  'for %s, an account of %s with the federation role %s is asked for %s',
  (operation, cloud, federationRole, called) => {
    expect(calledOperation({ cloud, federationRole }, operation)).toBe(called);
  },
);
