import { constants, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { JWK } from 'jose';
import { byJwt } from '../../lib/auth/jwt/by-jwt.ts';
import { rememberKeySources } from '../../lib/auth/jwt/key-sources.ts';
import type { JwtAlgorithm, JwtRule } from '../../lib/auth/jwt/rule.ts';
import { StsError } from '../../lib/core/errors.ts';
import { Secret } from '../../lib/core/secret.ts';
import type { Store } from '../../lib/core/store.ts';
import type { Documents } from '../../lib/core/transport.ts';
import { memoryStore } from '../../lib/stores/memory.ts';

export const now = new Date('2026-11-22T12:00:00Z');
export const at = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const seconds = now.getTime() / 1000;

/** A key of an issuer, and what it publishes of it. */
export interface IssuerKey {
  readonly alg: JwtAlgorithm;
  readonly privateKey: KeyObject;
  readonly jwk: JWK;
}

const pairs = {
  RS: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES: (bits: string) =>
    generateKeyPairSync('ec', { namedCurve: { 256: 'P-256', 384: 'P-384', 512: 'P-521' }[bits] ?? '' }),
  Ed: () => generateKeyPairSync('ed25519'),
};

export const newKey = (alg: JwtAlgorithm = 'ES256', kid: string | undefined = randomUUID()): IssuerKey => {
  const { publicKey, privateKey } = pairs[alg.slice(0, 2) as keyof typeof pairs](alg.slice(2));
  const jwk = publicKey.export({ format: 'jwk' }) as JWK;
  return { alg, privateKey, jwk: kid === undefined ? jwk : { ...jwk, kid } };
};

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs as RFC 7518 says, by node:crypto rather than by the library that the service verifies with. */
const signatureOf = ({ alg, privateKey }: IssuerKey, text: string): string => {
  const bits = alg.slice(2);
  const data = Buffer.from(text);
  if (alg === 'EdDSA' || alg === 'Ed25519') return sign(null, data, privateKey).toString('base64url');
  if (alg.startsWith('ES'))
    return sign(`sha${bits}`, data, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  if (alg.startsWith('RS')) return sign(`sha${bits}`, data, privateKey).toString('base64url');
  return sign(`sha${bits}`, data, {
    key: privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: Number(bits) / 8,
  }).toString('base64url');
};

export const issuer = 'https://issuer.example';

/** What a token of the tests says where nothing else is asked for. An undefined member is left out. */
export const usualClaims = () => ({
  iss: issuer,
  aud: 'credmint',
  sub: 'repo:acme/site:ref:refs/heads/main',
  iat: seconds,
  exp: seconds + 600,
  jti: randomUUID(),
});

type Members = Readonly<Record<string, unknown>>;

export const tokenOf = (key: IssuerKey, claims: Members = {}, header: Members = {}): string =>
  tokenOfText(key, JSON.stringify({ ...usualClaims(), ...claims }), header);

/** A token whose payload is this text, which JavaScript may not be able to write. */
export const tokenOfText = (key: IssuerKey, payload: string, header: Members = {}): string => {
  const head = encoded({ alg: key.alg, typ: 'JWT', kid: key.jwk.kid, ...header });
  const text = `${head}.${Buffer.from(payload).toString('base64url')}`;
  return `${text}.${signatureOf(key, text)}`;
};

export const ruleOf = (keys: readonly IssuerKey[], changes: Partial<JwtRule> = {}): JwtRule => ({
  caller: 'ci',
  issuer,
  audiences: ['credmint'],
  keys: { kind: 'here', jwks: { keys: keys.map(({ jwk }) => jwk) } },
  algorithms: [...new Set(keys.map(({ alg }) => alg))],
  claims: [],
  mode: 'enforce',
  once: false,
  skewSeconds: 60,
  ...changes,
});

/** An internet of these documents, and what was asked of it. */
export const internet = (documents: Record<string, unknown>) => {
  const asked: string[] = [];
  const fetch: Documents = async (url) => {
    asked.push(url.href);
    const found = documents[url.href];
    if (found === undefined) throw new StsError('CloudUnavailable', undefined, { proofFault: 'KeySetUnreachable' });
    return typeof found === 'string' ? found : JSON.stringify(found);
  };
  return { asked, fetch, documents };
};

interface JwtDeps {
  readonly store?: Store;
  readonly documents?: Documents;
  readonly monotonicMs?: () => number;
}

/** Proves by these rules; a refusal comes back as its code and fault. */
export const proving = (rules: readonly JwtRule[], { store, documents, ...clock }: JwtDeps = {}) => {
  const way = byJwt(rules, {
    keySources: rememberKeySources(documents ?? internet({}).fetch),
    store: store ?? memoryStore(() => now),
    ...clock,
  });
  return async (token: string, when = now) => {
    try {
      return await way(new Secret(token), when);
    } catch (thrown) {
      if (!(thrown instanceof StsError)) throw thrown;
      return { refused: thrown.code, fault: thrown.detail.proofFault, message: thrown.message };
    }
  };
};
