import { describe, expect, it } from 'vitest';
import { authenticator } from '../../../lib/auth/authenticate.ts';
import { byPlatform } from '../../../lib/auth/gateway/by-platform.ts';
import type { CertificateRule, PlatformRules } from '../../../lib/auth/gateway/rules.ts';
import type { Proof } from '../../../lib/core/caller.ts';
import { StsError } from '../../../lib/core/errors.ts';
import type { PlatformIdentity, RequestContext } from '../../../lib/core/platform-identity.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { claimRule } from '../../../lib/grants/claims.ts';
import { compilePattern } from '../../../lib/grants/pattern.ts';
import { addressList } from '../../../lib/transport/addresses.ts';
import { certify } from '../../support/certificates.ts';
import { newKey, now, tokenOf } from '../../support/token-issuer.ts';

const authority = certify({ subject: 'O=Acme, CN=CA', ca: true });
const spiffe = 'spiffe://acme.example/ns/ci/sa/deploy';
const job = certify({ subject: 'O=Acme, CN=job', by: authority, uris: [spiffe], dns: ['job.acme.example'] });
const header = 'x-forwarded-client-cert';
const forwarded = `Cert="${encodeURIComponent(job.pem)}"`;

const bySpiffe: CertificateRule = {
  caller: 'job',
  from: 'tls',
  spiffe: [compilePattern('spiffe://acme.example/ns/ci/**')],
};
const rulesOf = (changes: Partial<PlatformRules> = {}): PlatformRules => ({
  certificates: [bySpiffe],
  authorizers: [],
  ...changes,
});

/** Asks who it is that these circumstances prove; a refusal comes back as its code and fault. */
const asking = (rules: PlatformRules) => {
  const refuse = (): never => {
    throw new StsError('SignatureMismatch');
  };
  const authenticate = authenticator({
    signature: async () => refuse(),
    password: refuse,
    jwt: async () => refuse(),
    platform: byPlatform(rules),
  });
  return async (requestContext: Partial<RequestContext>, proof: Proof = { kind: 'none' }, when = now) => {
    const ignored: string[] = [];
    const around = { headers: {}, ignore: (what: string) => void ignored.push(what), ...requestContext };
    try {
      const { name, proof: how, claims } = await authenticate(proof, when, around);
      return { name, how, claims, ignored };
    } catch (thrown) {
      if (!(thrown instanceof StsError)) throw thrown;
      return { refused: thrown.code, fault: thrown.detail.proofFault, ignored };
    }
  };
};

const byTls = (pem = job.pem, trusted = true): Partial<RequestContext> => ({
  platform: { certificate: { pem, by: 'tls', trusted } },
});

describe('a request without a proof', () => {
  it('proves nobody where nothing vouches for it', async () => {
    expect(await asking(rulesOf())({})).toEqual({ refused: 'Unauthenticated', fault: undefined, ignored: [] });
  });

  it('is proven by the certificate of its handshake', async () => {
    expect(await asking(rulesOf())(byTls())).toMatchObject({
      name: 'job',
      how: 'certificate',
      claims: { sub: spiffe },
    });
  });

  it.each<[string, Partial<CertificateRule>, boolean]>([
    ['its SPIFFE ID', { spiffe: [compilePattern(spiffe)] }, true],
    ['another SPIFFE ID', { spiffe: [compilePattern('spiffe://acme.example/ns/ci')] }, false],
    ['a host name', { dns: ['other.example', 'job.acme.example'] }, true],
    ['another host name', { dns: ['acme.example'] }, false],
    ['its subject and issuer', { issuer: 'O=Acme, CN=CA', subjects: ['O=Acme, CN=job'] }, true],
    ['its subject by another issuer', { issuer: 'O=Evil, CN=CA', subjects: ['O=Acme, CN=job'] }, false],
    ['its subject in another order', { issuer: 'O=Acme, CN=CA', subjects: ['CN=job, O=Acme'] }, false],
    ['one of two names', { dns: ['job.acme.example'], spiffe: [compilePattern('spiffe://other/**')] }, false],
    ['any SPIFFE ID', { spiffe: [compilePattern('**')] }, true],
  ])('is matched by %s', async (_, names, fits) => {
    const answer = await asking(rulesOf({ certificates: [{ caller: 'job', from: 'tls', ...names }] }))(byTls());
    expect(answer).toMatchObject(fits ? { name: 'job' } : { refused: 'Unauthenticated', fault: 'CertificateUnknown' });
  });

  it('is not matched by any SPIFFE ID where it has none', async () => {
    const plain = certify({ subject: 'CN=plain', by: authority });
    const rules = rulesOf({ certificates: [{ caller: 'job', from: 'tls', spiffe: [compilePattern('**')] }] });
    expect(await asking(rules)(byTls(plain.pem))).toMatchObject({ fault: 'CertificateUnknown' });
  });

  it("is held to the certificate's dates by the service's clock", async () => {
    const from = new Date('2026-11-22T12:00:00Z');
    const until = new Date('2026-11-22T13:00:00Z');
    const { pem } = certify({ subject: 'CN=job', uris: [spiffe], from, until });
    const ask = asking(rulesOf());
    for (const when of [from, until])
      expect(await ask(byTls(pem), { kind: 'none' }, when)).toMatchObject({ name: 'job' });
    for (const when of [new Date(from.getTime() - 1000), new Date(until.getTime() + 1000)]) {
      expect(await ask(byTls(pem), { kind: 'none' }, when)).toMatchObject({ fault: 'CertificateOutOfDate' });
    }
  });

  it('is refused where its certificate leads nowhere, or is none', async () => {
    expect(await asking(rulesOf())(byTls(job.pem, false))).toMatchObject({ fault: 'CertificateUntrusted' });
    expect(await asking(rulesOf())(byTls('hello'))).toMatchObject({ fault: 'CertificateUnreadable' });
    expect(await asking(rulesOf())(byTls(authority.pem))).toMatchObject({ fault: 'CertificateUnreadable' });
  });

  it('is refused where two callers fit', async () => {
    const rules = rulesOf({ certificates: [bySpiffe, { ...bySpiffe, caller: 'other' }] });
    expect(await asking(rules)(byTls())).toMatchObject({ refused: 'Unauthenticated', fault: 'CallerAmbiguous' });
  });

  it('has its certificate ignored, and noted, where nobody is proven so', async () => {
    expect(await asking(rulesOf({ certificates: [] }))(byTls())).toEqual({
      refused: 'Unauthenticated',
      fault: undefined,
      ignored: ['a client certificate by tls'],
    });
  });
});

describe('a forwarded certificate', () => {
  const proxies = { addresses: addressList(['10.0.0.0/24']), header, format: 'envoy' } as const;
  const rules = rulesOf({ certificates: [{ ...bySpiffe, from: 'proxy' }], proxies });
  const ask = asking(rules);

  it('counts from a proxy that is trusted', async () => {
    expect(await ask({ headers: { [header]: forwarded }, sourceIp: '10.0.0.7' })).toMatchObject({ name: 'job' });
    expect(await ask({ headers: { [header]: forwarded }, sourceIp: '::ffff:10.0.0.7' })).toMatchObject({ name: 'job' });
  });

  it.each([['10.0.1.7'], ['127.0.0.1'], ['::1'], ['not an address'], [undefined]])(
    'is ignored and noted when it comes from %s',
    async (sourceIp) => {
      const requestContext = { headers: { [header]: forwarded }, ...(sourceIp === undefined ? {} : { sourceIp }) };
      expect(await ask(requestContext)).toEqual({
        refused: 'Unauthenticated',
        fault: undefined,
        ignored: [`the header ${header}`],
      });
    },
  );

  it('is not looked for where the configuration names no proxy', async () => {
    const without = asking(rulesOf({ certificates: [{ ...bySpiffe, from: 'proxy' }] }));
    expect(await without({ headers: { [header]: forwarded }, sourceIp: '10.0.0.7' })).toMatchObject({
      refused: 'Unauthenticated',
    });
  });

  it('that cannot be read is a false proof', async () => {
    expect(await ask({ headers: { [header]: 'Hash=1' }, sourceIp: '10.0.0.7' })).toMatchObject({
      fault: 'CertificateUnreadable',
    });
  });

  it('is not one of our own handshake, nor the other way about', async () => {
    const tls = asking(rulesOf({ proxies }));
    expect(await tls({ headers: { [header]: forwarded }, sourceIp: '10.0.0.7' })).toMatchObject({
      fault: 'CertificateUnknown',
    });
    expect(await ask(byTls())).toMatchObject({ refused: 'Unauthenticated', ignored: ['a client certificate by tls'] });
  });
});

const gateway = { platform: 'aws', id: 'a1b2c3', account: '111122223333' } as const;

describe("a gateway's certificate", () => {
  const ask = asking(rulesOf({ certificates: [{ ...bySpiffe, from: gateway }] }));
  const platform = (changes: Partial<PlatformIdentity>): Partial<RequestContext> => ({
    platform: { gateway, certificate: { pem: job.pem, by: 'gateway', trusted: true }, ...changes },
  });

  it('counts from the gateway that is trusted, and from no other', async () => {
    expect(await ask(platform({}))).toMatchObject({ name: 'job' });
    for (const other of [
      { ...gateway, id: 'z9' },
      { ...gateway, account: '999999999999' },
      { ...gateway, platform: 'tencent' as const },
      { platform: 'aws' as const, id: 'a1b2c3' },
    ]) {
      expect(await ask(platform({ gateway: other }))).toMatchObject({
        refused: 'Unauthenticated',
        ignored: ['a client certificate by gateway'],
      });
    }
  });
});

describe("a gateway's authorizer", () => {
  const claims = { iss: 'https://idp.example', sub: 'alice', exp: '1795348800' };
  const authorizers = [{ caller: 'app', gateway, kind: 'jwt' as const, claims: [claimRule('sub', ['alice', 'bob'])] }];
  const rules = rulesOf({ authorizers });
  const ask = asking(rules);
  const said = (changes: object = {}, by: PlatformIdentity['gateway'] = gateway): Partial<RequestContext> => ({
    platform: { ...(by && { gateway: by }), authorizer: { kind: 'jwt', claims, ...changes } },
  });

  it('is believed where the configuration says so', async () => {
    expect(await ask(said())).toMatchObject({ name: 'app', how: 'gateway', claims });
  });

  it('is ignored and noted where it does not', async () => {
    for (const requestContext of [
      said({}, { ...gateway, id: 'other' }),
      said({ kind: 'lambda' }),
      { platform: { authorizer: { kind: 'jwt' as const, claims } } },
    ]) {
      expect(await ask(requestContext)).toMatchObject({
        refused: 'Unauthenticated',
        fault: undefined,
        ignored: [expect.any(String)],
      });
    }
  });

  it('proves nobody by claims that nobody has', async () => {
    expect(await ask(said({ claims: { sub: 'mallory' } }))).toMatchObject({ fault: 'AuthorizerUnknown' });
  });

  it('and a certificate must prove the same caller', async () => {
    const both = { ...said().platform, ...byTls().platform };
    expect(await ask({ platform: both })).toMatchObject({ fault: 'CallerAmbiguous' });
    const one = asking(rulesOf({ authorizers, certificates: [{ ...bySpiffe, caller: 'app' }] }));
    expect(await one({ platform: both })).toMatchObject({ name: 'app' });
  });
});

describe('a request with a proof of its own', () => {
  const claims = { iss: 'https://issuer.example', sub: 'alice', exp: '1795348800' };
  const rules = rulesOf({
    authorizers: [
      { caller: 'app', gateway, kind: 'jwt', claims: [] },
      { caller: 'role', gateway, kind: 'iam', claims: [claimRule('accountId', ['111122223333'])] },
    ],
  });
  const ask = asking(rules);
  const jwt = (members: object): Proof => ({ kind: 'jwt', token: new Secret(tokenOf(newKey(), members as never)) });
  const signature = (changes: object = {}): Proof => ({
    kind: 'signature',
    scheme: 'sigv4',
    accessKeyId: 'ASIAEXAMPLE',
    verify: () => false,
    ...changes,
  });
  const iam = { kind: 'iam' as const, claims: { accessKey: 'ASIAEXAMPLE', accountId: '111122223333' } };

  it('is not proven otherwise when its proof is false', async () => {
    const platform: PlatformIdentity = {
      gateway,
      ...byTls().platform,
      authorizer: { kind: 'jwt', claims: { sub: 'alice' } },
    };
    for (const proof of [
      signature(),
      jwt({}),
      { kind: 'password', accessKeyId: 'a', secret: new Secret('b') } as const,
    ]) {
      expect(await ask({ platform }, proof)).toMatchObject({ refused: 'SignatureMismatch' });
    }
    expect(await ask({ platform }, { kind: 'login', token: new Secret('x') })).toMatchObject({
      refused: 'InvalidToken',
    });
  });

  it('is proven by the gateway that has verified the very same', async () => {
    const token = jwt({ iss: claims.iss, sub: 'alice', exp: 1795348800 });
    expect(await ask({ platform: { gateway, authorizer: { kind: 'jwt', claims } } }, token)).toMatchObject({
      name: 'app',
    });
    expect(await ask({ platform: { gateway, authorizer: iam } }, signature())).toMatchObject({
      name: 'role',
      how: 'gateway',
    });
  });

  it('is not proven by a gateway that has verified something else, or is not trusted', async () => {
    const other = { ...gateway, id: 'other' };
    for (const [platform, proof] of [
      [{ gateway, authorizer: { kind: 'jwt', claims } }, jwt({ iss: claims.iss, sub: 'mallory', exp: 1795348800 })],
      [{ gateway, authorizer: { kind: 'jwt', claims: { sub: 'alice' } } }, jwt({ iss: claims.iss, sub: 'alice' })],
      [{ gateway, authorizer: iam }, signature({ accessKeyId: 'AKIDOTHER' })],
      [{ gateway, authorizer: iam }, signature({ scheme: 'tc3' })],
      [{ gateway: other, authorizer: iam }, signature()],
      [{ gateway, authorizer: { ...iam, kind: 'lambda' } }, signature()],
    ] as const) {
      expect(await ask({ platform: platform as PlatformIdentity }, proof)).toMatchObject({
        refused: 'SignatureMismatch',
      });
    }
  });
});
