import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config/load.ts';
import { configFaults } from '../../support/expect-refusal.ts';

const written = { name: 'g', callers: ['session'], account: 'own', operations: ['AssumeRole'] };
const more = { accounts: { own: { cloud: 'authority' } }, authority: { keys: ['env:KEY'] } };
const sources = { folder: '/nowhere', environment: { KEY: 'k'.repeat(32) } };
const read = (grant: object) => readConfig({ ...more, grants: [{ ...written, ...grant }] }, sources).grants[0];
const faultsOf = (grant: object) => configFaults(() => read(grant));

describe('a grant', () => {
  it('names callers and an account that exist', () => {
    expect(faultsOf({ callers: ['session', 'x'], account: 'y' })).toEqual([
      'grants.0.callers: names x, which is not a caller',
      'grants.0.account: names y, which is not an account',
    ]);
  });

  it('has addresses and ranges of both families', () => {
    const list = read({ sourceIps: ['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1'] })?.sourceIps?.list;
    expect(['10.1.2.3', '192.0.2.1'].map((address) => list?.check(address))).toEqual([true, true]);
    expect(['2001:db8::9', '::1'].map((address) => list?.check(address, 'ipv6'))).toEqual([true, true]);
    expect(['11.0.0.1', '192.0.2.2'].map((address) => list?.check(address))).toEqual([false, false]);
  });

  it.each(['10.0.0.0/33', '10.0.0', '::1/129', '10.0.0.0/8/8', '10.0.0.0/', 'fe80::1%eth0', 'example.com', ''])(
    'has no range that is not one: %s',
    (range) => {
      expect(faultsOf({ sourceIps: ['10.0.0.0/8', range] })).toEqual([
        'grants.0.sourceIps.1: must be an address or a range, 10.0.0.0/8',
      ]);
    },
  );

  it('lists what its templates refer to', () => {
    expect(faultsOf({ sessionName: `${'$'}{claims.sub}`, references: { issuer: {} } })).toEqual([
      'grants.0.references: has issuer, which is neither caller, sessionName nor claims.NAME',
      'grants.0.sessionName: refers to claims.sub, which the grant does not list under references',
    ]);
  });
});
