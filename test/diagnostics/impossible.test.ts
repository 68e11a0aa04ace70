import { describe, expect, it } from 'vitest';
import { upstreams } from '../../lib/clouds/catalog.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import { validate } from '../../lib/config/validate.ts';
import { describeCaller } from '../../lib/diagnostics/describe-caller.ts';
import { impossible } from '../../lib/diagnostics/impossible.ts';

const rolePrefixes = new Map(
  clouds.map(({ id, naming }) => [id, naming.roles('@', 'n', 'i').map((role) => role.slice(0, role.indexOf('@')))]),
);
const endpoints = { endpoint: 'https://sts.example.com', key: { id: 'A', secret: 'env:S' } };
const ci = { accessKey: { id: 'K', secret: 'env:S' } };
const role = 'arn:aws:iam::1:role/x';
const grant = { name: 'g', callers: ['ci'], account: 'a', operations: ['AssumeRole'], roles: [role] };
const iam = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
const cam = { version: '2.0', statement: [{ effect: 'allow', action: ['cos:GetObject'], resource: ['*'] }] };

const writtenOf = (sections: object) => {
  const validation = validate({ callers: { ci }, ...sections }, upstreams);
  if ('faults' in validation) throw new Error(validation.faults.join());
  return validation.written;
};
const faultsOf = (changes: object, account: object = { cloud: 'aws' }, more: object = {}) =>
  impossible(
    writtenOf({ accounts: { a: { ...endpoints, ...account } }, grants: [{ ...grant, ...changes }], ...more }),
    { upstreams, rolePrefixes },
  );

describe('a configuration that can never work', () => {
  it('is none if a request could get something', () => {
    expect(faultsOf({ policy: iam, maxDurationSeconds: 3600 })).toEqual([]);
    expect(faultsOf({ roles: ['**'] })).toEqual([]);
  });

  it.each([
    ['AssumeRole without roles', { roles: [] }, {}, 'grants.0.roles: is empty, so AssumeRole can never be allowed'],
    [
      'roles of another cloud',
      { roles: ['qcs::cam::uin/1:roleName/x'] },
      {},
      'grants.0.roles.0: has the form of Tencent',
    ],
    ['a policy of another cloud', { policy: cam }, {}, 'grants.0.policy: is not a policy of'],
    ['a life shorter than the cloud gives', { maxDurationSeconds: 60 }, {}, 'grants.0.maxDurationSeconds: is 60, and'],
    [
      'a life longer than the cloud gives',
      { maxDurationSeconds: 604_800 },
      {},
      'grants.0.maxDurationSeconds: is 604800',
    ],
    ['a member of another cloud', {}, { cloud: 'aws', namespace: 'n' }, 'accounts.a.namespace: is not a member'],
    [
      'a signature of another cloud',
      {},
      { cloud: 'aws', signature: 'HmacSHA1' },
      'accounts.a.signature: is not one of',
    ],
    [
      'an operation that the cloud lacks',
      { operations: ['GetFederationToken'], roles: ['ucs:iam::1:role/x'] },
      { cloud: 'ucloud' },
      'grants.0.operations: UCloud has no GetFederationToken',
    ],
  ])('has %s', (_, changes, account, fault) => {
    expect(faultsOf(changes, { cloud: 'aws', ...account })).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    ['a session’s key', { key: { id: 'A', secret: 'env:S', token: 'env:T' } }],
    ['the key of its platform', { key: 'runtime' }],
    ['a role that it assumes first', { role }],
    ['a profile that lacks it', { profile: 'ozone' }],
  ])('asks what clouds give to long-term keys alone, or a product lacks, of an account with %s', (_, account) => {
    const changes = { operations: ['GetFederationToken'], accepts: ['policy'] };
    expect(faultsOf(changes, { cloud: 'aws', ...account })).toEqual([
      'grants.0.operations: AWS has no GetFederationToken for this account, by its key or its profile',
    ]);
    expect(faultsOf(changes)).toEqual([]);
  });

  it('is none if the account’s role is assumed in place of what its cloud lacks', () => {
    const byToken = { operations: ['AssumeRoleWithWebIdentity'], roles: ['ucs:iam::1:role/x'] };
    expect(faultsOf(byToken, { cloud: 'ucloud' })).toEqual([]);
  });

  it('has two grants of one name', () => {
    const accounts = { a: { cloud: 'aws', ...endpoints } };
    expect(impossible(writtenOf({ accounts, grants: [grant, grant] }), { upstreams, rolePrefixes })).toEqual([
      expect.stringContaining('grants.1.name: is g, which an earlier grant has too'),
    ]);
  });

  it('has two callers of one rule', () => {
    const jwt = { issuer: 'https://issuer.example.com', audience: ['one', 'two'], claims: { sub: 'x' } };
    const callers = {
      ci,
      one: { jwt },
      two: { jwt: { ...jwt, audience: ['two', 'one'] } },
      three: { jwt: { ...jwt, claims: { sub: 'y' } } },
    };
    expect(faultsOf({}, { cloud: 'aws' }, { callers })).toEqual([
      expect.stringContaining('callers.two.jwt: is the rule of the caller one too'),
    ]);
  });
});

describe('who a caller is', () => {
  it('is said with issuer, audience and claims, and keys by their ids alone', () => {
    const { callers } = writtenOf({
      callers: {
        ci: {
          ...ci,
          jwt: { preset: 'github-actions', audience: 'credmint', claims: { sub: ['repo:a/*', 'repo:b/*'] } },
        },
      },
    });
    expect(Object.entries(callers).map(([name, caller]) => describeCaller(name, caller))).toEqual([
      'ci is whoever has the access key K, or a token of github-actions for the audience credmint and sub repo:a/* or repo:b/*',
    ]);
  });
});
