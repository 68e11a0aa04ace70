import { decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { compactJwt, payload, type R2Claims, secretAccessKey, sessionToken } from '../../lib/signers/r2-token.ts';
import vectors from './vectors-of-r2.json' with { type: 'json' };

describe.each(vectors.map((vector) => ({ name: vector.name, vector })))('a token of R2: $name', ({ vector }) => {
  const { expected } = vector;
  const parent = { id: vector.secretId, secret: new Secret(vector.secretKey) };
  const { sub, aud, iat, exp } = expected.payload;
  const text = payload(vector.claims as R2Claims, { sub, aud, iat, exp }, parent.id);

  it('has its payload, in the order of the recipe', () => {
    expect(text).toBe(JSON.stringify(expected.payload));
  });

  it('has its JWT, which the parent key verifies and no other does', async () => {
    const jwt = compactJwt(text, parent);
    expect(jwt).toBe(expected.jwt);
    const currentDate = new Date(iat * 1000);
    const verified = await jwtVerify(jwt, new TextEncoder().encode(vector.secretKey), { audience: aud, currentDate });
    expect(verified.payload).toEqual(expected.payload);
    // The bytes that the hex text stands for are another key.
    await expect(jwtVerify(jwt, Buffer.from(vector.secretKey, 'hex'), { currentDate })).rejects.toThrow();
  });

  it('has its secret access key', () => {
    expect(secretAccessKey(expected.jwt)).toBe(expected.secretAccessKey);
  });

  it('has its session token, which carries the JWT', () => {
    expect(sessionToken(expected.jwt)).toBe(expected.sessionToken);
    const carried = Buffer.from(expected.sessionToken, 'base64').toString('utf8');
    expect(carried.startsWith('jwt/')).toBe(true);
    expect(decodeJwt(carried.slice(4))).toEqual(expected.payload);
  });
});
