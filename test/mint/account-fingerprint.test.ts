import { describe, expect, it } from 'vitest';
import type { Account } from '../../lib/core/cloud.ts';
import { Secret } from '../../lib/core/secret.ts';
import { fingerprintOf } from '../../lib/mint/account-fingerprint.ts';

const account = (changes: Partial<Account> = {}): Account => ({
  name: 'prod',
  cloud: 'aws',
  endpoint: new URL('https://sts.example.test/'),
  key: { id: 'AKID', secret: new Secret('secret') },
  ...changes,
});
const key = (id: string, secret: string, token?: string) => ({
  id,
  secret: new Secret(secret),
  ...(token === undefined ? {} : { token: new Secret(token) }),
});
const token = async () => new Secret('');

describe('the fingerprint of an account', () => {
  it('is the same for the same settings, in whatever order they stand', () => {
    const { name, ...rest } = account({ region: 'r', namespace: 'n' });
    expect(fingerprintOf({ ...rest, name })).toBe(fingerprintOf(account({ namespace: 'n', region: 'r' })));
  });

  it.each<[string, Partial<Account>]>([
    ['cloud', { cloud: 'ecs' }],
    ['endpoint', { endpoint: new URL('https://other.example.test/') }],
    ['key id', { key: key('OTHER', 'secret') }],
    ['secret', { key: key('AKID', 'other') }],
    ['token', { key: key('AKID', 'secret', 'token') }],
    ['region', { region: 'r' }],
    ['signature', { signature: 'HmacSHA1' }],
    ['namespace', { namespace: 'n' }],
    ['project', { projectId: 'p' }],
    ['profile', { profile: 'ceph' }],
    ['federation role', { federationRole: 'role' }],
    ['identity token', { webIdentity: { reference: 'env:A', token } }],
  ])('is another for another %s', (_, changes) => {
    expect(fingerprintOf(account(changes))).not.toBe(fingerprintOf(account()));
  });

  it('tells identity tokens apart by where they are read', () => {
    const keyless = (reference: string) => account({ webIdentity: { reference, token } });
    expect(fingerprintOf(keyless('env:A'))).not.toBe(fingerprintOf(keyless('env:B')));
  });

  it('is the same whatever the rate of calls', () => {
    expect(fingerprintOf(account({ requestsPerSecond: 5 }))).toBe(fingerprintOf(account()));
  });
});
