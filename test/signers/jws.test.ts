import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { describe, expect, it } from 'vitest';
import { isFor, type JwsAlgorithm, openKey, type PublishedKey, verify } from '../../lib/signers/jws.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Pair {
  readonly jwk: PublishedKey;
  readonly privateKey: KeyObject;
}

const pairOf = ({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): Pair => ({
  jwk: publicKey.export({ format: 'jwk' }) as PublishedKey,
  privateKey,
});

const pairs = {
  rsa: pairOf(generateKeyPairSync('rsa', { modulusLength: 2048 })),
  short: pairOf(generateKeyPairSync('rsa', { modulusLength: 1024 })),
  p256: pairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  other256: pairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  p384: pairOf(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
  p521: pairOf(generateKeyPairSync('ec', { namedCurve: 'P-521' })),
  k256: pairOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
  ed25519: pairOf(generateKeyPairSync('ed25519')),
  ed448: pairOf(generateKeyPairSync('ed448')),
} as const;

/** How each is signed, told anew, from RFC 7518 and RFC 8037. */
const signings: Readonly<Record<JwsAlgorithm, readonly [digest: string | null, options: object]>> = {
  ES256: ['sha256', { dsaEncoding: 'ieee-p1363' }],
  ES384: ['sha384', { dsaEncoding: 'ieee-p1363' }],
  ES512: ['sha512', { dsaEncoding: 'ieee-p1363' }],
  EdDSA: [null, {}],
  PS256: ['sha256', { padding: 6, saltLength: 32 }],
  PS384: ['sha384', { padding: 6, saltLength: 48 }],
  PS512: ['sha512', { padding: 6, saltLength: 64 }],
  RS256: ['sha256', {}],
  RS384: ['sha384', {}],
  RS512: ['sha512', {}],
};
const algorithms = Object.keys(signings) as JwsAlgorithm[];

const signed = (header: object, payload: unknown, algorithm: JwsAlgorithm, key: KeyObject): string => {
  const [digest, options] = signings[algorithm];
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${sign(digest, Buffer.from(text), { key, ...options }).toString('base64url')}`;
};

/** Ours, as a set of one key is asked. */
const ours = (jws: string, key: PublishedKey, algorithm: JwsAlgorithm, kid: unknown): boolean => {
  const opened = isFor(key, algorithm, kid) ? openKey(key) : undefined;
  return opened !== undefined && verify(jws, algorithm, opened);
};

const theirs = (jws: string, key: PublishedKey, algorithm: JwsAlgorithm): Promise<boolean> =>
  compactVerify(jws, createLocalJWKSet({ keys: [key] } as JSONWebKeySet), { algorithms: [algorithm] }).then(
    () => true,
    () => false,
  );

describe('a JWS', () => {
  // RFC 7515, A.3: ES256.
  const es256 =
    'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ' +
    '.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q';
  const es256Key = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  };
  // RFC 8037, A.4: Ed25519.
  const edDsa =
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc' +
    '.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
  const edDsaKey = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };

  it('is that of the RFCs', () => {
    expect(ours(es256, es256Key, 'ES256', undefined)).toBe(true);
    expect(ours(edDsa, edDsaKey, 'EdDSA', undefined)).toBe(true);
    expect(ours(es256.replace('.eyJpc3M', '.eyJpc3N'), es256Key, 'ES256', undefined)).toBe(false);
  });

  it('counts in no other form', () => {
    for (const text of ['', '.', '..', 'a', es256.slice(0, es256.lastIndexOf('.')), `${es256}.`, es256.slice(0, -4)]) {
      expect(ours(text, es256Key, 'ES256', undefined)).toBe(false);
    }
  });

  it('is not signed by a signature in the other encoding of ECDSA', () => {
    const text = `${encode({ alg: 'ES256' })}.${encode({})}`;
    const der = sign('sha256', Buffer.from(text), pairs.p256.privateKey).toString('base64url');
    expect(ours(`${text}.${der}`, pairs.p256.jwk, 'ES256', undefined)).toBe(false);
  });

  it('is not signed with a salt of another length', () => {
    const text = `${encode({ alg: 'PS256' })}.${encode({})}`;
    const key = { key: pairs.rsa.privateKey, padding: 6, saltLength: 20 };
    const jws = `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
    expect(ours(jws, pairs.rsa.jwk, 'PS256', undefined)).toBe(false);
  });
});

describe('a key', () => {
  it('is none where it is malformed, or too short', () => {
    const { x: _, ...half } = pairs.p256.jwk;
    for (const key of [{}, { kty: 'RSA' }, half, { ...pairs.p256.jwk, x: 'AAAA' }, { kty: 'oct', k: 'c2VjcmV0' }]) {
      expect(openKey(key)).toBeUndefined();
    }
    expect(openKey(pairs.short.jwk)).toBeUndefined();
    expect(openKey(pairs.rsa.jwk)?.type).toBe('public');
  });
});

describe('beside a known library', () => {
  const name = fc.constantFrom(...(Object.keys(pairs) as (keyof typeof pairs)[]));
  /** Mostly nothing or what is right, so that a good many are taken. */
  const mostly = <Value>(right: Value, ...wrong: readonly Value[]) =>
    fc.oneof({ weight: 6, arbitrary: fc.constant(right) }, { weight: 1, arbitrary: fc.constantFrom(...wrong) });
  const kid = mostly<unknown>('a', undefined, 'b', '', 7, null);
  const published = fc.record(
    {
      kid: mostly('a', 'b', ''),
      alg: mostly<string>('its own', ...algorithms, 'none', 'HS256'),
      use: mostly('sig', 'enc', ''),
      key_ops: mostly<unknown>(['verify'], ['sign'], [], ['sign', 'verify'], 'verify'),
    },
    { requiredKeys: ['kid'] },
  );
  /** Which kind of key each takes. */
  const usual: Readonly<Record<JwsAlgorithm, keyof typeof pairs>> = {
    ...{ ES256: 'p256', ES384: 'p384', ES512: 'p521', EdDSA: 'ed25519' },
    ...{ PS256: 'rsa', PS384: 'rsa', PS512: 'rsa', RS256: 'rsa', RS384: 'rsa', RS512: 'rsa' },
  };

  it('takes and refuses the same', { timeout: 60_000 }, async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...algorithms),
        fc.option(name, { nil: undefined, freq: 1 }),
        kid,
        published,
        fc.option(fc.tuple(fc.nat(), fc.nat(255)), { nil: undefined, freq: 1 }),
        async (algorithm, asked, named, members, damage) => {
          const signer = pairs[usual[algorithm]];
          const header = { alg: algorithm, ...(named === undefined ? {} : { kid: named }) };
          let jws = signed(header, { sub: 'somebody' }, algorithm, signer.privateKey);
          if (damage !== undefined) {
            // In the payload or the signature: what a header says is read before anything is verified.
            const from = jws.indexOf('.') + 1;
            const at = from + (damage[0] % (jws.length - from));
            const put = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.charAt(damage[1] % 64);
            if (jws.charAt(at) !== '.') jws = jws.slice(0, at) + put + jws.slice(at + 1);
          }
          const its = members.alg === 'its own' ? { alg: algorithm } : {};
          const key: PublishedKey = { ...pairs[asked ?? usual[algorithm]].jwk, ...members, ...its };
          const found = ours(jws, key, algorithm, named);
          if (found) taken++;
          expect(found).toBe(isCanonical(jws) ? await theirs(jws, key, algorithm) : found);
        },
      ),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  /** The last character of base64url may carry bits that say nothing. Whoever reads a token refuses those first. */
  const isCanonical = (jws: string): boolean =>
    jws.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
});
