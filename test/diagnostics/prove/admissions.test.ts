import { describe, expect, it } from 'vitest';
import { shownBy } from '../../support/prove.ts';

const account = { cloud: 'aws', endpoint: 'https://sts.amazonaws.com/', key: { id: 'AKID', secret: 'env:SECRET' } };
const jwt = { issuer: 'https://issuer.example', audience: 'https://credmint.example', jwks: 'env:JWKS' };
const assume = { callers: ['ci'], account: 'prod', operations: ['AssumeRole'], roles: ['role/a'] };

const shown = (grants: readonly object[], more: object = {}) =>
  shownBy({
    accounts: { prod: account },
    callers: { ci: { jwt } },
    grants: grants.map((grant, index) => ({ name: `grant-${index}`, ...assume, ...grant })),
    ...more,
  });
const claimsBy = (grant: object) => shown([grant]).map(({ claims = {} }) => claims);

describe('what a grant admits', () => {
  it('has the conditions of the grant', () => {
    expect(claimsBy({ claims: { team: ['red'] }, acr: ['high', 'higher'], amr: ['otp', 'pwd'] })).toMatchObject([
      { team: 'red', acr: 'high', amr: ['otp', 'pwd'] },
    ]);
    const [request] = shown([{ sourceIps: ['192.0.2.7'], times: { from: '2030-01-01T00:00:00Z', days: ['Fri'] } }]);
    expect(request).toMatchObject({ sourceIp: '192.0.2.7', at: '2030-01-04T00:00:00.000Z' });
    // A decision takes no list for the one way in which the caller was authenticated.
    expect(claimsBy({ claims: { acr: ['low'] }, acr: ['high'] })).toEqual([]);
  });

  it('has none of them in audit mode, besides with all', () => {
    const audit = { mode: 'audit', claims: { team: ['red'] }, sourceIps: ['192.0.2.7'], times: { days: ['Fri'] } };
    const [whole, lenient, ...others] = shown([audit]);
    expect(whole).toMatchObject({ claims: { team: 'red' }, sourceIp: '192.0.2.7', at: '2026-11-27T00:00:00.000Z' });
    expect(lenient?.claims).not.toHaveProperty('team');
    expect(lenient).not.toHaveProperty('sourceIp');
    expect([lenient?.isAnyTime, others]).toEqual([true, []]);
  });

  it('is what no earlier grant takes, whatever comes later', () => {
    const roles = (grants: readonly object[]) => shown(grants).map(({ role, claims = {} }) => [role, claims['sub']]);
    expect(roles([{}, {}])).toEqual([['role/a', 'a']]);
    expect(roles([{ claims: { sub: ['a'] } }, {}])).toEqual([
      ['role/a', 'a'],
      ['role/a', 'b'],
    ]);
    expect(roles([{}, { claims: { sub: ['a'] } }])).toEqual([['role/a', 'a']]);
    expect(roles([{}, { roles: ['role/b'] }])).toEqual([
      ['role/a', 'a'],
      ['role/b', 'a'],
    ]);
    // What meets every condition of any grant goes before what one in audit mode lets through.
    const audit = { mode: 'audit', claims: { sub: ['x'] } };
    expect(roles([audit, { claims: { sub: ['y*'] } }])).toEqual([
      ['role/a', 'x'],
      ['role/a', 'a'],
      ['role/a', 'y'],
    ]);
    expect(roles([audit, audit])).toEqual([
      ['role/a', 'x'],
      ['role/a', 'a'],
    ]);
  });

  it('is nothing by a key that has expired', () => {
    const byKey = (expires: string) =>
      shown([{ times: { from: '2027-01-01T00:00:00Z' } }], {
        callers: { ci: { accessKey: { id: 'A', secret: 'env:S', expires } } },
      }).map(({ at }) => at);
    expect(byKey('2027-01-01T00:00:00Z')).toEqual([]);
    expect(byKey('2027-01-01T00:00:00.001Z')).toEqual(['2027-01-01T00:00:00.000Z']);
  });

  it('is an identity token for whoever has one alone', () => {
    const grant = { operations: ['AssumeRoleWithWebIdentity'] };
    expect(shown([grant])).toMatchObject([{ operation: 'AssumeRoleWithWebIdentity', role: 'role/a' }]);
    expect(shown([grant], { callers: { ci: { accessKey: { id: 'A', secret: 'env:S' } } } })).toEqual([]);
  });
});

describe('what a lease is kept fresh by', () => {
  const lease = { account: 'prod', operation: 'AssumeRole', role: 'role/a', readToken: 'env:TOKEN' };
  const leases = { demo: lease };

  it('is a grant of its role, in its own account', () => {
    const keep = { callers: ['leases'] };
    expect(shown([keep], { leases })).toMatchObject([{ role: 'role/a', dialect: 'lease', claims: { sub: 'demo' } }]);
    expect(shown([{ ...keep, roles: ['role/b'] }], { leases })).toEqual([]);
    expect(shown([{ ...keep, operations: ['GetFederationToken'], accepts: ['policy'] }], { leases })).toEqual([]);
    const accounts = { prod: account, dev: account };
    expect(shown([{ ...keep, account: 'dev' }], { leases, accounts })).toEqual([]);
  });

  it('is read by its token, and by no other', () => {
    const read = { callers: ['lease-reader'], operations: ['ReadLease'], roles: [], leases: ['**'] };
    expect(shown([read], { leases })).toMatchObject([
      { lease: 'demo', operation: 'ReadLease', claims: { sub: 'demo' } },
    ]);
    expect(shown([{ ...read, leases: ['other'] }], { leases })).toEqual([]);
    const list = { ...read, callers: ['ci'], operations: ['ListLeases'], leases: ['d*'] };
    expect(shown([list], { leases })).toMatchObject([{ operation: 'ListLeases', lease: expect.stringMatching(/^d/) }]);
  });
});
