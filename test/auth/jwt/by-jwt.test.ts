import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { byJwt } from '../../../lib/auth/jwt/by-jwt.ts';
import { rememberKeySources } from '../../../lib/auth/jwt/key-sources.ts';
import { jwtAlgorithms } from '../../../lib/auth/jwt/rule.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { Store } from '../../../lib/core/store.ts';
import { claimRule } from '../../../lib/grants/claims.ts';
import { memoryStore } from '../../../lib/stores/memory.ts';
import {
  at,
  internet,
  issuer,
  newKey,
  now,
  proving,
  ruleOf,
  tokenOf,
  usualClaims,
} from '../../support/token-issuer.ts';

const key = newKey();
const prove = proving([ruleOf([key])]);
const seconds = now.getTime() / 1000;

describe('a token', () => {
  it('proves its caller, with its claims', async () => {
    expect(await prove(tokenOf(key))).toMatchObject({
      name: 'ci',
      proof: 'jwt',
      claims: { iss: issuer, aud: 'credmint' },
    });
  });

  it.each(jwtAlgorithms)('of an issuer that signs by %s', async (alg) => {
    const own = newKey(alg);
    expect(await proving([ruleOf([own])])(tokenOf(own))).toMatchObject({ name: 'ci' });
  });

  it('as jose itself signs it', async () => {
    const token = await new SignJWT(usualClaims())
      .setProtectedHeader({ alg: 'ES256', kid: key.jwk.kid ?? '' })
      .sign(key.privateKey);
    expect(await prove(token)).toMatchObject({ name: 'ci' });
  });

  it('without a key id is tried with each of the keys that it could be of', async () => {
    const keys = [newKey('ES256'), newKey('ES256'), newKey('RS256')];
    const own = proving([ruleOf(keys)]);
    for (const one of keys) expect(await own(tokenOf(one, {}, { kid: undefined }))).toMatchObject({ name: 'ci' });
    expect(await own(tokenOf(newKey('ES256'), {}, { kid: undefined }))).toMatchObject({ fault: 'TokenForged' });
  });

  it.each([
    ['nothing', ''],
    ['no token', 'abc'],
    ['two parts', 'e30.e30'],
    ['no signature', `${tokenOf(key).split('.').slice(0, 2).join('.')}.`],
    ['five parts, as encrypted ones have', `${tokenOf(key)}.e30.e30`],
    ['a header that is no object', tokenOf(key).replace(/^[^.]*/, 'W10')],
    ['padding', `${tokenOf(key)}=`],
    ['more than any token has', tokenOf(key, { more: 'x'.repeat(20_000) })],
    [
      'a payload nested without end',
      tokenOf(key).replace(/\.[^.]*\./, `.${Buffer.from('['.repeat(999)).toString('base64url')}.`),
    ],
  ])('is not read where it is %s', async (_, text) => {
    expect(await prove(text)).toMatchObject({ refused: 'InvalidIdentityToken', fault: 'TokenUnreadable' });
  });

  it('of an issuer whom nobody trusts is refused, however it is spelt', async () => {
    for (const iss of ['https://other.example', `${issuer}/`, issuer.toUpperCase(), [issuer], undefined]) {
      expect(await prove(tokenOf(key, { iss }))).toEqual({
        refused: 'InvalidIdentityToken',
        fault: 'IssuerUnknown',
        message: 'The issuer of the token is not trusted.',
      });
    }
  });

  it('may be 20,000 characters long, and no longer', async () => {
    const rest = tokenOf(key, { more: '' }).length;
    const tokens = Array.from({ length: 4 }, (_, index) =>
      tokenOf(key, { more: 'x'.repeat(((20_000 - rest) * 3) / 4 - 1 + index) }),
    );
    const longest = tokens.find(({ length }) => length === 20_000) ?? '';
    const longer = tokens.find(({ length }) => length > 20_000) ?? '';
    expect(await prove(longest)).toMatchObject({ name: 'ci' });
    expect(await prove(longer)).toMatchObject({ fault: 'TokenUnreadable' });
  });

  it('by another key is forged; by a key that the issuer does not name, unknown', async () => {
    const other = newKey();
    expect(await prove(tokenOf(other, {}, { kid: key.jwk.kid }))).toMatchObject({ fault: 'TokenForged' });
    expect(await prove(tokenOf(other))).toMatchObject({ fault: 'SigningKeyUnknown' });
  });
});

describe('the algorithm', () => {
  it('is pinned: another one of the same key is refused', async () => {
    const rsa = newKey('RS256');
    const own = proving([ruleOf([rsa])]);
    for (const alg of ['RS384', 'PS256'] as const) {
      expect(await own(tokenOf({ ...rsa, alg }))).toMatchObject({ fault: 'AlgorithmRefused' });
    }
  });

  it('is never none, whatever the spelling', async () => {
    for (const alg of ['none', 'None', 'NONE', '', undefined, null, 1, ['ES256']]) {
      expect(await prove(tokenOf(key, {}, { alg }))).toMatchObject({ fault: 'AlgorithmRefused' });
    }
  });

  it('is never the HMAC of a public key', async () => {
    const rsa = newKey('RS256');
    const spki = rsa.privateKey.export({ format: 'pem', type: 'pkcs8' });
    const [, payload] = tokenOf(rsa).split('.');
    const head = Buffer.from(JSON.stringify({ alg: 'HS256', kid: rsa.jwk.kid })).toString('base64url');
    const signature = createHmac('sha256', spki).update(`${head}.${payload}`).digest('base64url');
    expect(await proving([ruleOf([rsa])])(`${head}.${payload}.${signature}`)).toMatchObject({
      fault: 'AlgorithmRefused',
    });
  });

  it.each([
    [['ES256', 'EdDSA'], 'Ed25519'],
    [['ES256', 'Ed25519'], 'EdDSA'],
  ] as const)(
    'may be one of several, of which one is Ed25519 by either of its names: %j, %s',
    async (algorithms, alg) => {
      const own = newKey(alg);
      expect(await proving([ruleOf([own], { algorithms })])(tokenOf(own))).toMatchObject({ name: 'ci' });
      expect(await proving([ruleOf([own], { algorithms: ['ES256'] })])(tokenOf(own))).toMatchObject({
        fault: 'AlgorithmRefused',
      });
    },
  );

  it("is the key's own where the key says one", async () => {
    const rsa = newKey('RS256');
    const marked = { ...rsa, jwk: { ...rsa.jwk, alg: 'PS256' } };
    expect(await proving([ruleOf([marked])])(tokenOf(rsa))).toMatchObject({ fault: 'SigningKeyUnknown' });
  });
});

describe('the header', () => {
  it('demands no extension', async () => {
    for (const crit of [['exp'], ['b64'], []]) {
      expect(await prove(tokenOf(key, {}, { crit, b64: true }))).toMatchObject({ fault: 'TokenCritical' });
    }
  });

  it('brings no key of its own, and sends nobody for one', async () => {
    const deps = internet({});
    const own = newKey();
    const asked = proving([ruleOf([key], { keys: { kind: 'discovered', issuer, hosts: [], privateAddresses: [] } })], {
      documents: deps.fetch,
    });
    const headers = { jwk: own.jwk, jku: 'https://evil.example/keys', x5u: 'https://evil.example/x5u', x5c: ['AAAA'] };
    expect(await prove(tokenOf(own, {}, { ...headers, kid: key.jwk.kid }))).toMatchObject({ fault: 'TokenForged' });
    expect(await prove(tokenOf(own, {}, headers))).toMatchObject({ fault: 'SigningKeyUnknown' });
    await asked(tokenOf(own, {}, headers));
    expect(deps.asked).toEqual([`${issuer}/.well-known/openid-configuration`]);
  });
});

describe('the claims of a rule', () => {
  const main = claimRule('sub', ['repo:acme/*:ref:refs/heads/main']);
  const dev = claimRule('sub', ['repo:acme/*:ref:refs/heads/dev']);

  it('choose between callers of one issuer', async () => {
    const both = proving([
      ruleOf([key], { caller: 'main', claims: [main] }),
      ruleOf([key], { caller: 'dev', claims: [dev] }),
    ]);
    expect(await both(tokenOf(key))).toMatchObject({ name: 'main' });
    expect(await both(tokenOf(key, { sub: 'repo:acme/x:ref:refs/heads/dev' }))).toMatchObject({ name: 'dev' });
    expect(await both(tokenOf(key, { sub: 'repo:evil/x:ref:refs/heads/dev' }))).toMatchObject({
      fault: 'ClaimMismatch',
    });
  });

  it('refuse a remembered token when they do not fit it', async () => {
    const token = tokenOf(key, { sub: 'repo:evil/x' });
    const both = proving([
      ruleOf([key], { caller: 'main', claims: [main] }),
      ruleOf([key], { caller: 'other', audiences: ['other'] }),
    ]);
    for (const _ of [1, 2]) expect(await both(token)).toMatchObject({ fault: 'ClaimMismatch' });
  });

  const either = claimRule('environment', ['test', 'prod']);
  const unmet = [
    {
      caller: 'ci',
      clause: 'jwt.claims',
      reason: 'ClaimMismatch',
      expected: 'environment: test or prod',
      saw: 'another text, of 4 characters',
    },
    {
      caller: 'ci',
      clause: 'jwt.claims',
      reason: 'ClaimMismatch',
      expected: 'sub: repo:acme/*:ref:refs/heads/dev',
      saw: 'another text, of 34 characters',
    },
  ];

  it('let through in audit mode, and say what they would have refused', async () => {
    const lenient = proving([ruleOf([key], { claims: [either, main, dev], mode: 'audit' })]);
    const proven = await lenient(tokenOf(key, { environment: 'live' }));
    expect(proven).toMatchObject({ name: 'ci' });
    expect('auditOnlyViolations' in proven && proven.auditOnlyViolations).toEqual(unmet);
  });

  it('that a token does not have are told to the audit record, and not those that it has', async () => {
    // Of two rules that it came as far with, the first is told of.
    const rules = [
      ruleOf([key], { claims: [either, main, dev] }),
      ruleOf([key], { caller: 'other', claims: [either] }),
    ];
    const prove = byJwt(rules, { keySources: rememberKeySources(internet({}).fetch), store: memoryStore(() => now) });
    await expect(prove(new Secret(tokenOf(key, { environment: 'live' })), now)).rejects.toMatchObject({
      code: 'InvalidIdentityToken',
      message: "The token's claims are not what the caller must have.",
      detail: { proofFault: 'ClaimMismatch', reason: 'ClaimMismatch', trace: unmet },
    });
  });

  it('yield, in audit mode, to a rule that fits whole', async () => {
    const rules = [
      ruleOf([key], { caller: 'lenient', claims: [dev], mode: 'audit' }),
      ruleOf([key], { caller: 'main', claims: [main] }),
    ];
    expect(await proving(rules)(tokenOf(key))).toMatchObject({ name: 'main' });
  });

  it('do not make a lenient rule take a token that is expired or for another', async () => {
    const lenient = proving([ruleOf([key], { claims: [dev], mode: 'audit' })]);
    expect(await lenient(tokenOf(key, { exp: seconds - 99 }))).toMatchObject({ fault: 'TokenExpired' });
    expect(await lenient(tokenOf(key, { aud: 'other' }))).toMatchObject({ fault: 'AudienceMismatch' });
  });

  it('refuse a token that would prove two callers', async () => {
    const rules = [ruleOf([key], { caller: 'one' }), ruleOf([key], { caller: 'two' })];
    expect(await proving(rules)(tokenOf(key))).toMatchObject({
      refused: 'InvalidIdentityToken',
      fault: 'CallerAmbiguous',
    });
  });

  it('tell of the rule that the token came furthest with', async () => {
    const rules = [ruleOf([key], { caller: 'one', audiences: ['other'] }), ruleOf([key], { caller: 'two' })];
    expect(await proving(rules)(tokenOf(key, { exp: seconds - 99 }))).toMatchObject({
      refused: 'IdentityTokenExpired',
    });
    expect(await proving(rules.toReversed())(tokenOf(key, { exp: seconds - 99 }))).toMatchObject({
      refused: 'IdentityTokenExpired',
    });
  });
});

describe('a token that counts once', () => {
  const rule = ruleOf([key], { once: true });

  it('is refused the second time, by every instance of one store', async () => {
    const store = memoryStore(() => now);
    const token = tokenOf(key);
    expect(await proving([rule], { store })(token)).toMatchObject({ name: 'ci' });
    expect(await proving([rule], { store })(token)).toEqual({
      refused: 'RequestReplayed',
      fault: 'TokenReplayed',
      message: 'The token was already used.',
    });
  });

  it('is remembered for its caller by a name that every version of the service gives it', async () => {
    const asked: unknown[] = [];
    const store: Store = {
      ...memoryStore(() => now),
      acquire: async (...all) => {
        asked.push(all);
        return true;
      },
    };
    await proving([rule], { store })(tokenOf(key, { jti: 'one' }));
    expect(asked).toEqual([['jti b-Tad-zHkMcKQZEsBjglD5HvEWFwyzdqml11s4HKgLM', at(600 + 300 + 1), 'ci']]);
  });

  it('is refused, as what may pass, while the store cannot be asked', async () => {
    const store: Store = { ...memoryStore(() => now), acquire: async () => undefined };
    expect(await proving([rule], { store })(tokenOf(key))).toMatchObject({
      refused: 'Unavailable',
      message: 'Whether the token was used cannot be told now.',
    });
  });

  it('must have a name', async () => {
    for (const jti of [undefined, '', 7]) {
      expect(await proving([rule])(tokenOf(key, { jti }))).toEqual({
        refused: 'InvalidIdentityToken',
        fault: 'ClaimMissing',
        message: 'The claim jti of the token is not acceptable.',
      });
    }
  });

  it('is not used up by who is refused', async () => {
    const strict = proving([ruleOf([key], { once: true, claims: [claimRule('environment', ['prod'])] })]);
    const jti = 'one';
    expect(await strict(tokenOf(key, { jti }))).toMatchObject({ fault: 'ClaimMismatch' });
    expect(await strict(tokenOf(key, { jti, environment: 'prod' }))).toMatchObject({ name: 'ci' });
  });

  it('is refused for as long as anybody would take it', async () => {
    let time = now;
    const store = memoryStore(() => time);
    const patient = proving([{ ...rule, skewSeconds: 300 }], { store });
    const token = tokenOf(key, { exp: seconds + 7 * 86_400 });
    expect(await patient(token)).toMatchObject({ name: 'ci' });
    for (const after of [60, 3600, 86_400, 7 * 86_400 - 1, 7 * 86_400 + 299]) {
      time = at(after);
      expect(await patient(token, time)).toMatchObject({ refused: 'RequestReplayed' });
    }
    time = at(7 * 86_400 + 300);
    expect(await patient(token, time)).toMatchObject({ refused: 'IdentityTokenExpired' });
  });
});

describe('a token that is shown again', () => {
  it('proves the same, and is judged anew: by the time, and by every character of it', async () => {
    const again = proving([ruleOf([key], { claims: [claimRule('repository', ['acme/site'])] })]);
    const token = tokenOf(key, { repository: 'acme/site', id: 42 });
    const first = await again(token);
    expect(first).toMatchObject({ name: 'ci', claims: { repository: 'acme/site', id: '42' } });
    expect(await again(token)).toEqual(first);
    expect(await again(token, at(600 + 61))).toMatchObject({ refused: 'IdentityTokenExpired' });
    expect(await again(token, at(-61))).toMatchObject({ fault: 'TokenNotYetValid' });
    const [head, , signature] = token.split('.');
    const [, other] = tokenOf(key, { repository: 'acme/site', id: 43 }).split('.');
    expect(await again(`${head}.${other}.${signature}`)).toMatchObject({ fault: 'TokenForged' });
    expect(await again(tokenOf(key, { repository: 'acme/other' }))).toMatchObject({ fault: 'ClaimMismatch' });
    expect(await again(token)).toEqual(first);
  });

  it('is not read anew', async () => {
    const token = tokenOf(key);
    const [first, second] = [await prove(token), await prove(token)];
    expect('claims' in first && first.claims).toBe('claims' in second && second.claims);
  });

  it('proves nobody by other rules', async () => {
    const token = tokenOf(key, { repository: 'acme/site' });
    expect(await proving([ruleOf([key])])(token)).toMatchObject({ name: 'ci' });
    const others = [
      ruleOf([key], { audiences: ['other'] }),
      ruleOf([key], { claims: [claimRule('repository', ['acme/other'])] }),
      ruleOf([newKey()]),
    ];
    for (const rule of others) {
      expect(await proving([rule])(token)).toMatchObject({ refused: 'InvalidIdentityToken' });
    }
  });
});

describe('a token', () => {
  it('of our own issuer for a session proves nobody, and what another issuer says of sessions is its own affair', async () => {
    const token = tokenOf(key, { credmint_session: true });
    expect(await proving([ruleOf([key])])(token)).toMatchObject({ name: 'ci' });
    expect(await proving([ruleOf([key], { own: true })])(token)).toMatchObject({ fault: 'TokenOfSession' });
    expect(await proving([ruleOf([key], { own: true })])(tokenOf(key))).toMatchObject({ byOwnIssuer: true });
  });

  it('that fits two callers says so', async () => {
    const two = proving([ruleOf([key]), ruleOf([key], { caller: 'other' })]);
    expect(await two(tokenOf(key))).toMatchObject({ message: 'The token fits more than one caller.' });
  });

  it('that may be used once may be used again once it is given back', async () => {
    const prove = proving([ruleOf([key], { once: true })]);
    const token = tokenOf(key);
    const first = await prove(token);
    expect(await prove(token)).toMatchObject({ fault: 'TokenReplayed' });
    if ('giveBackProof' in first) await first.giveBackProof?.();
    expect(await prove(token)).toMatchObject({ name: 'ci' });
  });

  it('of an issuer whose keys have no ids is tried with eight of them, and no more', async () => {
    const keys = Array.from({ length: 9 }, () => {
      const { jwk, ...rest } = newKey('ES256');
      const { kid: _, ...nameless } = jwk;
      return { ...rest, jwk: nameless };
    });
    const prove = proving([ruleOf(keys)]);
    const by = (index: number) => prove(tokenOf(keys[index] ?? newKey(), {}, { kid: undefined }));
    expect(await by(7)).toMatchObject({ name: 'ci' });
    expect(await by(8)).toMatchObject({ fault: 'TokenForged' });
  });

  it('of an issuer that publishes what is no key is verified by those that are', async () => {
    const odd = [null, 5, 'key', [], {}, { kty: 1 }, { kty: 'oct', k: 'AA' }, { ...key.jwk, d: 'AA', kid: 'x' }];
    const url = `${issuer}/keys`;
    const rule = ruleOf([key], { keys: { kind: 'at', url, privateAddresses: [] } });
    const { fetch } = internet({ [url]: { keys: [...odd, key.jwk] } });
    expect(await proving([rule], { documents: fetch })(tokenOf(key))).toMatchObject({ name: 'ci' });
  });

  it('that is not UTF-8 cannot be read', async () => {
    const [head = '', , signature = ''] = tokenOf(key).split('.');
    const payload = Buffer.concat([Buffer.from('{"iss":"'), Buffer.of(0xff), Buffer.from('"}')]).toString('base64url');
    expect(await proving([ruleOf([key])])(`${head}.${payload}.${signature}`)).toMatchObject({
      fault: 'TokenUnreadable',
    });
  });
});
