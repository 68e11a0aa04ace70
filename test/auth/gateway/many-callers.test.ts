import { describe, expect, it } from 'vitest';
import { byPlatform } from '../../../lib/auth/gateway/by-platform.ts';
import type { AuthorizerRule, CertificateRule } from '../../../lib/auth/gateway/rules.ts';
import { StsError } from '../../../lib/core/errors.ts';
import type { PlatformIdentity } from '../../../lib/core/platform-identity.ts';
import { claimRule } from '../../../lib/grants/claims.ts';
import { compilePattern } from '../../../lib/grants/pattern.ts';
import { certify } from '../../support/certificates.ts';
import { now } from '../../support/token-issuer.ts';

const authority = certify({ subject: 'O=Acme, CN=CA', ca: true });
const numbers = Array.from({ length: 30 }, (_, index) => index);
const gateway = { platform: 'aws', id: 'a1b2', account: '123456789012' } as const;

/** Who is proven among these callers; a refusal comes back as its fault. */
const asking = (certificates: readonly CertificateRule[], authorizers: readonly AuthorizerRule[]) => {
  const ways = byPlatform({ certificates, authorizers });
  return (platform: PlatformIdentity): string | undefined => {
    try {
      return ways.caller({ headers: {}, platform, ignore: () => undefined }, now)?.name;
    } catch (thrown) {
      return StsError.from(thrown).detail.proofFault;
    }
  };
};

const names = { uris: ['spiffe://acme.example/job-7'], dns: ['job-7.acme.example'] };
const job = certify({ subject: 'O=Acme, CN=job-7', by: authority, ...names });
const stranger = certify({ subject: 'O=Acme, CN=job-x', by: authority, dns: ['job-x.acme.example'] });

describe('a certificate among many callers', () => {
  it.each<[string, (index: number) => Partial<CertificateRule>]>([
    ['SPIFFE ID', (index) => ({ spiffe: [compilePattern(`spiffe://acme.example/job-${index}`)] })],
    ['SPIFFE ID by its beginning', (index) => ({ spiffe: [compilePattern(`spiffe://acme.example/job-${index}**`)] })],
    ['host name', (index) => ({ dns: [`job-${index}.acme.example`, `other-${index}.acme.example`] })],
    ['subject', (index) => ({ subjects: [`O=Acme, CN=job-${index}`], issuer: 'O=Acme, CN=CA' })],
  ])('proves the one of its %s', (_name, changes) => {
    const rules = numbers.map((index) => ({ caller: `job-${index}`, from: 'tls' as const, ...changes(index) }));
    const ask = asking(rules, []);
    expect(ask({ certificate: { pem: job.pem, by: 'tls', trusted: true } })).toBe('job-7');
    expect(ask({ certificate: { pem: stranger.pem, by: 'tls', trusted: true } })).toBe('CertificateUnknown');
  });

  it('is compared with those that its names lead to', () => {
    const asked: number[] = [];
    const rules = numbers.map((index) => {
      const written = compilePattern(`spiffe://acme.example/job-${index}`);
      const counting = Object.assign((text: string) => asked.push(index) > 0 && written(text), written);
      return { caller: `job-${index}`, from: 'tls' as const, spiffe: [counting] };
    });
    expect(asking(rules, [])({ certificate: { pem: job.pem, by: 'tls', trusted: true } })).toBe('job-7');
    expect(asked).toEqual([7]);
  });

  it('proves none of another place', () => {
    const rules = numbers.map((index) => ({
      caller: `job-${index}`,
      from: gateway,
      dns: [`job-${index}.acme.example`],
    }));
    const certificate = { pem: job.pem, by: 'gateway', trusted: true } as const;
    const ask = asking(rules, []);
    expect(ask({ certificate, gateway })).toBe('job-7');
    expect(ask({ certificate, gateway: { ...gateway, id: 'other' } })).toBeUndefined();
    expect(ask({ certificate, gateway: { ...gateway, account: '2' } })).toBeUndefined();
    expect(ask({ certificate: { ...certificate, by: 'tls' } })).toBeUndefined();
  });
});

describe('the word of a gateway among many callers', () => {
  const rules = numbers.map((index) => ({
    caller: `job-${index}`,
    gateway,
    kind: 'jwt' as const,
    claims: [claimRule('repository', [`acme/service-${index}`])],
  }));
  const claims = { repository: 'acme/service-7' };

  it('proves the one whose claims it states', () => {
    const ask = asking([], rules);
    expect(ask({ gateway, authorizer: { kind: 'jwt', claims } })).toBe('job-7');
    expect(ask({ gateway, authorizer: { kind: 'jwt', claims: {} } })).toBe('AuthorizerUnknown');
  });

  it.each<[string, PlatformIdentity]>([
    ['another kind of authorizer', { gateway, authorizer: { kind: 'lambda', claims } }],
    ['another gateway', { gateway: { ...gateway, id: 'other' }, authorizer: { kind: 'jwt', claims } }],
    ['another platform', { gateway: { ...gateway, platform: 'tencent' }, authorizer: { kind: 'jwt', claims } }],
    ['the gateway in another account', { gateway: { ...gateway, account: '2' }, authorizer: { kind: 'jwt', claims } }],
    ['no gateway', { authorizer: { kind: 'jwt', claims } }],
  ])('proves none if it is of %s', (_name, platform) => {
    expect(asking([], rules)(platform)).toBeUndefined();
  });
});
