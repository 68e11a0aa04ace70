import { describe, expect, it } from 'vitest';
import { authenticator } from '../../../lib/auth/authenticate.ts';
import { readCertificate } from '../../../lib/auth/certificate/read-certificate.ts';
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
const asking = (rules: PlatformRules, ownIssuer?: string) => {
  const refuse = (): never => {
    throw new StsError('SignatureMismatch');
  };
  const authenticate = authenticator({
    signature: async () => refuse(),
    password: refuse,
    jwt: async () => refuse(),
    platform: byPlatform(rules, ownIssuer),
  });
  return async (requestContext: Partial<RequestContext>, proof: Proof = { kind: 'none' }, when = now) => {
    const ignored: string[] = [];
    const around = { headers: {}, ignore: (what: string) => void ignored.push(what), ...requestContext };
    try {
      const { proof: how, ...caller } = await authenticate(proof, when, around);
      return { ...caller, how, ignored };
    } catch (thrown) {
      if (!(thrown instanceof StsError)) throw thrown;
      return { refused: thrown.code, fault: thrown.detail.proofFault, message: thrown.message, ignored };
    }
  };
};

const byTls = (pem = job.pem, trusted = true): Partial<RequestContext> => ({
  platform: { certificate: { pem, by: 'tls', trusted } },
});

describe('a request without a proof', () => {
  it('proves nobody where nothing vouches for it', async () => {
    expect(await asking(rulesOf())({})).toEqual({
      refused: 'Unauthenticated',
      fault: undefined,
      message: 'The request proves no caller.',
      ignored: [],
    });
  });

  it('is proven by the certificate of its handshake', async () => {
    const { claims } = readCertificate(job.pem) ?? {};
    expect(await asking(rulesOf())(byTls())).toEqual({
      name: 'job',
      how: 'certificate',
      claims,
      subject: { issuer: 'O=Acme, CN=CA', name: spiffe },
      ignored: [],
    });
  });

  it('is proven as nobody in particular by a certificate that names nobody', async () => {
    const { pem } = certify({ subject: '', by: authority });
    const rules = rulesOf({ certificates: [{ caller: 'job', from: 'tls', issuer: 'O=Acme, CN=CA' }] });
    const proven = await asking(rules)(byTls(pem));
    expect(proven).toMatchObject({ name: 'job' });
    expect(proven).not.toHaveProperty('subject');
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
    ['one of two SPIFFE IDs', { spiffe: [compilePattern('spiffe://other/**'), compilePattern(spiffe)] }, true],
    ['its issuer alone', { issuer: 'O=Acme, CN=CA' }, true],
    ['another issuer alone', { issuer: 'O=Evil, CN=CA' }, false],
    ['another subject by its issuer', { issuer: 'O=Acme, CN=CA', subjects: ['O=Acme, CN=other'] }, false],
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

  it.each([
    ['from', { from: '20260230000000Z' }],
    ['until', { until: '20261399000000Z' }],
  ])('is refused if its certificate is valid %s a day that no calendar has', async (_, dates) => {
    const { pem } = certify({ subject: 'CN=job', uris: [spiffe], ...dates });
    expect(await asking(rulesOf())(byTls(pem))).toMatchObject({ fault: 'CertificateOutOfDate' });
  });

  it('is refused where its certificate leads nowhere, or is none', async () => {
    expect(await asking(rulesOf())(byTls(job.pem, false))).toEqual({
      refused: 'Unauthenticated',
      fault: 'CertificateUntrusted',
      message: 'The client certificate proves no caller.',
      ignored: [],
    });
    expect(await asking(rulesOf())(byTls('hello'))).toMatchObject({ fault: 'CertificateUnreadable' });
    expect(await asking(rulesOf())(byTls(authority.pem))).toMatchObject({ fault: 'CertificateUnreadable' });
  });

  it('is refused where two callers fit', async () => {
    const rules = rulesOf({ certificates: [bySpiffe, { ...bySpiffe, caller: 'other' }] });
    expect(await asking(rules)(byTls())).toMatchObject({
      refused: 'Unauthenticated',
      fault: 'CallerAmbiguous',
      message: 'What was proven fits more than one caller.',
    });
  });

  it('is proven where two rules of one caller fit', async () => {
    const rules = rulesOf({ certificates: [bySpiffe, { ...bySpiffe, dns: ['job.acme.example'] }] });
    expect(await asking(rules)(byTls())).toMatchObject({ name: 'job' });
  });

  it('has its certificate ignored, and noted, where nobody is proven so', async () => {
    expect(await asking(rulesOf({ certificates: [] }))(byTls())).toEqual({
      refused: 'Unauthenticated',
      fault: undefined,
      message: 'The request proves no caller.',
      ignored: ['a client certificate by tls'],
    });
  });
});

describe('a forwarded certificate', () => {
  const proxies = { addresses: addressList(['10.0.0.0/24', '2001:db8::/32']), header, format: 'envoy' } as const;
  const rules = rulesOf({ certificates: [{ ...bySpiffe, from: 'proxy' }], proxies });
  const ask = asking(rules);

  it('counts from a proxy that is trusted', async () => {
    expect(await ask({ headers: { [header]: forwarded }, sourceIp: '10.0.0.7' })).toMatchObject({ name: 'job' });
    for (const sourceIp of ['::ffff:10.0.0.7', '2001:db8::7']) {
      expect(await ask({ headers: { [header]: forwarded }, sourceIp })).toMatchObject({ name: 'job' });
    }
  });

  it.each([{}, { [header]: '' }])('is not shown by the headers %j of a trusted proxy', async (headers) => {
    expect(await ask({ headers, sourceIp: '10.0.0.7' })).toMatchObject({ fault: undefined, ignored: [] });
  });

  it('is looked for in a header of the request alone, whatever its name', async () => {
    const inherited = asking({ ...rules, proxies: { ...proxies, header: 'constructor' } });
    expect(await inherited({ sourceIp: '10.0.0.7' })).toMatchObject({ fault: undefined, ignored: [] });
  });

  it.each([['10.0.1.7'], ['127.0.0.1'], ['::1'], ['not an address'], [undefined]])(
    'is ignored and noted when it comes from %s',
    async (sourceIp) => {
      const requestContext = { headers: { [header]: forwarded }, ...(sourceIp === undefined ? {} : { sourceIp }) };
      expect(await ask(requestContext)).toEqual({
        refused: 'Unauthenticated',
        fault: undefined,
        message: 'The request proves no caller.',
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

  it('is ignored and noted if the platform does not say which gateway has verified it', async () => {
    const unnamed = { platform: { certificate: { pem: job.pem, by: 'gateway', trusted: true } } } as const;
    expect(await ask(unnamed)).toMatchObject({ fault: undefined, ignored: ['a client certificate by gateway'] });
  });

  it('proves the caller of the account that its gateway is in', async () => {
    const { account: _, ...anywhere } = gateway;
    const accounts = asking(
      rulesOf({
        certificates: [
          { ...bySpiffe, caller: 'here', from: gateway },
          { ...bySpiffe, caller: 'there', from: { ...gateway, account: '999999999999' } },
          { caller: 'anywhere', from: anywhere, dns: ['another.example'] },
        ],
      }),
    );
    expect(await accounts(platform({}))).toMatchObject({ name: 'here' });
    expect(await accounts(platform({ gateway: { ...gateway, account: '999999999999' } }))).toMatchObject({
      name: 'there',
    });
    expect(await accounts(platform({ gateway: { ...gateway, account: '1' } }))).toMatchObject({
      fault: 'CertificateUnknown',
    });
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
    expect(await ask(said())).toEqual({
      name: 'app',
      how: 'gateway',
      claims,
      subject: { issuer: 'https://idp.example', name: 'alice' },
      ignored: [],
    });
  });

  it.each([
    ['iam', { issuer: 'iam', name: 'alice' }],
    ['lambda', undefined],
    ['key', undefined],
  ] as const)('by %s names the subject %j', async (kind, subject) => {
    const proven = await asking(rulesOf({ authorizers: [{ caller: 'app', gateway, kind, claims: [] }] }))(
      said({ kind }),
    );
    expect(proven).toEqual({ name: 'app', how: 'gateway', claims, ...(subject && { subject }), ignored: [] });
  });

  it('proves the caller of the account that its gateway is in', async () => {
    const { account: _, ...anywhere } = gateway;
    const accounts = asking(
      rulesOf({
        authorizers: authorizers.flatMap((one) => [
          { ...one, caller: 'here' },
          { ...one, caller: 'there', gateway: { ...gateway, account: '999999999999' } },
          { ...one, caller: 'anywhere', gateway: anywhere, claims: [claimRule('sub', ['carol'])] },
        ]),
      }),
    );
    expect(await accounts(said())).toMatchObject({ name: 'here' });
    expect(await accounts(said({}, { ...gateway, account: '999999999999' }))).toMatchObject({ name: 'there' });
    expect(await accounts(said({}, anywhere))).toMatchObject({ fault: 'AuthorizerUnknown' });
  });

  it('says that a token is of our own issuer, if we have one, and that one of a session proves nobody', async () => {
    const own = (changes: object, issuer?: string) =>
      asking(rules, issuer)(said({ claims: { ...claims, ...changes } }));
    const session = { credmint_session: 'true' };
    expect(await own({}, claims.iss)).toMatchObject({ name: 'app', byOwnIssuer: true });
    expect(await own({}, 'https://other.example')).not.toHaveProperty('byOwnIssuer');
    expect(await own({ iss: undefined })).not.toHaveProperty('byOwnIssuer');
    expect(await own(session, 'https://other.example')).toMatchObject({ name: 'app' });
    expect(await own(session, claims.iss)).toEqual({
      refused: 'Unauthenticated',
      fault: 'TokenOfSession',
      message: 'The request proves no caller.',
      ignored: [],
    });
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
        ignored: [`a gateway's ${requestContext.platform?.authorizer?.kind} authorizer`],
      });
    }
  });

  it('proves nobody by claims that nobody has', async () => {
    expect(await ask(said({ claims: { sub: 'mallory' } }))).toEqual({
      refused: 'Unauthenticated',
      fault: 'AuthorizerUnknown',
      message: 'What the authorizer of the gateway says proves no caller.',
      ignored: [],
    });
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
      // Of which neither says when it ends: they may be two.
      [
        { gateway, authorizer: { kind: 'jwt', claims: { iss: claims.iss, sub: 'alice' } } },
        jwt({ iss: claims.iss, sub: 'alice', exp: undefined }),
      ],
      [
        { gateway, authorizer: { kind: 'jwt', claims: { ...claims, exp: true } } },
        jwt({ iss: claims.iss, sub: 'alice', exp: true }),
      ],
      [
        { gateway, authorizer: { kind: 'jwt', claims } },
        { kind: 'jwt', token: new Secret('unreadable') },
      ],
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
