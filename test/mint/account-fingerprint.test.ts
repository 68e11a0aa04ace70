import { describe, expect, it } from 'vitest';
import type { Account } from '../../lib/core/cloud.ts';
import { Secret } from '../../lib/core/secret.ts';
import { fingerprintOf } from '../../lib/mint/account-fingerprint.ts';

const account: Account = {
  name: 'prod',
  cloud: 'aws',
  endpoint: new URL('https://sts.example.test/'),
  key: { id: 'AKID', secret: new Secret('secret') },
};
const keyless: Account = {
  name: 'prod',
  cloud: 'aws',
  endpoint: account.endpoint,
  webIdentity: { reference: 'issuer', audience: 'a', providerId: 'p' },
};
const changed = (of: Account, changes: Partial<Account>): string => fingerprintOf({ ...of, ...changes });

describe('the digest of an account', () => {
  it('is the same for the same account, however its members are ordered, and shows no secret', () => {
    const turned = Object.fromEntries(
      Object.entries({ ...account, region: 'a', role: 'b' }).reverse(),
    ) as unknown as Account;
    expect(fingerprintOf(turned)).toBe(changed(account, { region: 'a', role: 'b' }));
    expect(fingerprintOf(account)).toBe(fingerprintOf(account));
    expect(fingerprintOf(account)).toMatch(/^[\w-]{43}$/);
  });

  it('is another for whatever shapes its credentials', () => {
    const key = { id: 'AKID', secret: new Secret('secret') };
    const all = [
      fingerprintOf(account),
      ...[
        { name: 'other' },
        { cloud: 'tencent-v3' },
        { endpoint: new URL('https://sts.example.test:8443/') },
        { endpoint: new URL('http://sts.example.test/') },
        { endpoint: new URL('https://sts.example.test/path') },
        { endpoint: new URL('https://sts.example.test/?query') },
        { region: 'eu-central-1' },
        { role: 'arn:aws:iam::123456789012:role/first' },
        { federationRole: 'arn:aws:iam::123456789012:role/first' },
        { signature: 'HmacSHA256' },
        { profile: 'ceph' },
        { namespace: 'ns1' },
        { projectId: 'org-1' },
        { runtime: true as const },
        { key: { ...key, id: 'AKIDOTHER' } },
        { key: { ...key, secret: new Secret('another secret') } },
        { key: { ...key, token: new Secret('token') } },
        { key: { ...key, token: new Secret('another token') } },
      ].map((changes) => changed(account, changes)),
      fingerprintOf(keyless),
      ...[
        { reference: 'file:token', audience: 'a', providerId: 'p' },
        { reference: 'issuer', audience: 'b', providerId: 'p' },
        { reference: 'issuer', audience: 'a', providerId: 'q' },
        { reference: 'issuer', audience: 'p', providerId: 'a' },
        { reference: 'issuer', audience: 'a' },
      ].map((webIdentity) => changed(keyless, { webIdentity })),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('is the same at another rate of calls', () => {
    expect(changed(account, { requestsPerSecond: 7 })).toBe(fingerprintOf(account));
  });
});
