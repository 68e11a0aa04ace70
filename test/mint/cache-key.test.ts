import { describe, expect, it } from 'vitest';
import type { Caller } from '../../lib/core/caller.ts';
import { Secret } from '../../lib/core/secret.ts';
import { keyOf } from '../../lib/mint/cache-key.ts';
import { requestOf } from '../support/requests.ts';

const own = { shareable: false, account: 'as configured' };
const shared = { ...own, shareable: true };
const key = (changes: object = {}, how = own) => keyOf(requestOf(changes), how);
const withCaller = (caller: Partial<Caller>, more: object = {}) =>
  key({ caller: { name: 'ci', proof: 'jwt', ...caller }, ...more });

describe('the key of a request', () => {
  it('is a digest, the same for the same request in whatever order its members stand', () => {
    expect(key()).toMatch(/^[\w-]{43}$/);
    expect(key()).toBe(key());
    const request = requestOf();
    const turned = Object.fromEntries(Object.entries(request).reverse()) as typeof request;
    expect(keyOf(turned, own)).toBe(keyOf(request, own));
  });

  it.each<[string, object]>([
    ['operation', { operation: 'GetFederationToken' }],
    ['account', { account: 'other' }],
    ['grant', { grant: 'other' }],
    ['role', { role: 'arn:aws:iam::123456789012:role/other' }],
    ['session name', { sessionName: 'other' }],
    ['name', { name: 'other' }],
    ['duration', { durationSeconds: 900 }],
    ['open duration', { durationIsOpen: true }],
    ['policy', { policy: '{}' }],
    ['policy of the grant', { grantPolicy: '{}' }],
    ['managed policies', { policyArns: ['arn:aws:iam::aws:policy/A'] }],
    ['managed policies of another order', { policyArns: ['b', 'a'] }],
    ['tags', { tags: [{ key: 'a', value: 'b' }] }],
    ['transitive tags', { transitiveTagKeys: ['a'] }],
    ['source identity', { sourceIdentity: 'ada' }],
    ['external id', { externalId: 'x' }],
    ['serial number', { serialNumber: 'x' }],
    ['provider', { providerId: 'x' }],
  ])('has the %s in it', (_name, changes) => {
    for (const how of [own, shared]) expect(key(changes, how)).not.toBe(key({}, how));
  });

  it.each<[string, object]>([
    ['dialect', { dialect: 'aws' }],
    ['remaining seconds', { minimumRemainingSeconds: 60 }],
    ['identity token', { webIdentityToken: new Secret('token') }],
  ])('has no %s in it, which shapes no credentials', (_name, changes) => {
    for (const how of [own, shared]) expect(key(changes, how)).toBe(key({}, how));
  });

  it('has the account in it as it is configured', () => {
    for (const how of [own, shared]) expect(key({}, { ...how, account: 'otherwise' })).not.toBe(key({}, how));
  });

  it('has the caller in it, unless its callers may share', () => {
    const other = { caller: { name: 'other', proof: 'accessKey' } };
    expect(key(other)).not.toBe(key());
    expect(key(other, shared)).toBe(key({}, shared));
    expect(key({}, shared)).not.toBe(key());
  });

  it('has the session in it, its subject, and of that the issuer', () => {
    const session = (accessKeyId: string) => withCaller({ session: { accessKeyId } as never });
    const subject = (issuer: string, name: string) => withCaller({ subject: { issuer, name } });
    const keys = [
      withCaller({}),
      session('ASIA1'),
      session('ASIA2'),
      subject('a', 'b'),
      subject('a', 'c'),
      subject('c', 'b'),
      subject('a b', ''),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('has all claims in it where nobody is proven by name, and of a subject those that the grant used', () => {
    expect(withCaller({ claims: { user: 'a' } })).not.toBe(withCaller({ claims: { user: 'b' } }));
    const subject = { issuer: 'a', name: 'b' };
    expect(withCaller({ subject, claims: { jti: '1' } })).toBe(withCaller({ subject, claims: { jti: '2' } }));
    expect(withCaller({ subject }, { claimsUsed: { team: ['a'] } })).not.toBe(
      withCaller({ subject }, { claimsUsed: { team: ['b'] } }),
    );
  });

  it('is none where a platform has rounded what nobody is proven by, unless its callers may share', () => {
    for (const uid of [2 ** 53, 0.1, Number.POSITIVE_INFINITY]) {
      for (const claims of [{ uid }, { teams: [1, uid] }, { a: { b: { uid } } }]) {
        const caller = { name: 'ci', proof: 'gateway', claims };
        expect(key({ caller })).toBeUndefined();
        expect(key({ caller }, shared)).toBeDefined();
        expect(withCaller({ claims, subject: { issuer: 'a', name: 'b' } })).toBeDefined();
      }
    }
    expect(withCaller({ claims: { uid: 42, teams: [1, 2], text: '9007199254740993' } })).toBeDefined();
  });

  it('is none for what the code of a second factor obtains', () => {
    expect(key({ tokenCode: new Secret('123456') })).toBeUndefined();
    expect(key({ tokenCode: new Secret('123456') }, shared)).toBeUndefined();
    expect(key({ tokenCode: undefined })).toBeDefined();
  });
});
