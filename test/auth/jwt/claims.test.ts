import { describe, expect, it } from 'vitest';
import { audiencesOf } from '../../../lib/auth/jwt/claims.ts';
import { at, newKey, now, proving, ruleOf, tokenOf } from '../../support/token-issuer.ts';

const key = newKey();
const prove = proving([ruleOf([key])]);
const seconds = now.getTime() / 1000;

describe('the audience', () => {
  it('is one of those of the rule, alone or among others', async () => {
    const two = proving([ruleOf([key], { audiences: ['credmint', 'sts.example'] })]);
    for (const aud of ['credmint', 'sts.example', ['other', 'sts.example']]) {
      expect(await two(tokenOf(key, { aud }))).toMatchObject({ name: 'ci' });
    }
  });

  it.each([
    ['other'],
    ['credmint '],
    ['Credmint'],
    ['credmint/'],
    ['credmin'],
    ['credmintx'],
    [''],
    [['other']],
    [[]],
    [[['credmint']]],
    [{ credmint: 1 }],
    [1],
  ])('is not %j', async (aud) => {
    expect(await prove(tokenOf(key, { aud }))).toMatchObject({
      refused: 'InvalidIdentityToken',
      fault: 'AudienceMismatch',
      message: 'The claim aud of the token is not acceptable.',
    });
  });

  it('is not left out', async () => {
    expect(await prove(tokenOf(key, { aud: undefined }))).toMatchObject({ fault: 'ClaimMissing' });
  });
});

describe('time', () => {
  it.each([
    ['exp', { exp: seconds - 59 }, undefined],
    ['exp', { exp: seconds - 60 }, 'TokenExpired'],
    ['nbf', { nbf: seconds + 60 }, undefined],
    ['nbf', { nbf: seconds + 61 }, 'TokenNotYetValid'],
    ['iat', { iat: seconds + 60 }, undefined],
    ['iat', { iat: seconds + 61 }, 'TokenNotYetValid'],
    ['iat', { iat: undefined }, undefined],
    ['exp', { exp: undefined }, 'ClaimMissing'],
    ['exp', { exp: String(seconds + 60) }, 'ClaimMissing'],
    ['exp', { exp: 1e11 }, undefined],
    ['exp', { exp: 1e11 + 1 }, 'ClaimMissing'],
    ['exp', { exp: 0 }, 'TokenExpired'],
    ['exp', { exp: -1 }, 'ClaimMissing'],
    ['nbf', { nbf: 0 }, undefined],
    ['nbf', { nbf: 'now' }, 'ClaimMissing'],
    ['iat', { iat: null }, 'ClaimMissing'],
    ['sub', { sub: undefined }, 'ClaimMissing'],
    ['sub', { sub: '' }, 'ClaimMissing'],
    ['sub', { sub: 7 }, 'ClaimMissing'],
  ])('of %s %j makes %s', async (name, claims, fault) => {
    const isExpired = fault === 'TokenExpired';
    expect((await prove(tokenOf(key, claims))) as object).toMatchObject(
      fault === undefined
        ? { name: 'ci' }
        : {
            refused: isExpired ? 'IdentityTokenExpired' : 'InvalidIdentityToken',
            fault,
            message: isExpired
              ? 'The identity token has expired.'
              : `The claim ${name} of the token is not acceptable.`,
          },
    );
  });

  it('is off by the skew of the rule, not by more', async () => {
    const exact = proving([ruleOf([key], { skewSeconds: 0 })]);
    const token = tokenOf(key, { exp: seconds + 10 });
    expect(await exact(token, at(9))).toMatchObject({ name: 'ci' });
    expect(await exact(token, at(10))).toMatchObject({ refused: 'IdentityTokenExpired' });
  });

  it('since it was issued counts where the rule says so', async () => {
    const young = proving([ruleOf([key], { maxTokenAgeSeconds: 300 })]);
    const token = tokenOf(key, { exp: seconds + 86_400 });
    expect(await young(token, at(360))).toMatchObject({ name: 'ci' });
    expect(await young(token, at(361))).toEqual({
      refused: 'IdentityTokenExpired',
      fault: 'TokenTooOld',
      message: 'The identity token has expired.',
    });
    expect(await young(tokenOf(key, { iat: undefined }))).toEqual({
      refused: 'InvalidIdentityToken',
      fault: 'ClaimMissing',
      message: 'The claim iat of the token is not acceptable.',
    });
  });

  it('runs for a token that is remembered, too', async () => {
    const token = tokenOf(key);
    expect(await prove(token)).toMatchObject({ name: 'ci' });
    expect(await prove(token, at(660))).toMatchObject({ fault: 'TokenExpired' });
  });
});

it.each([
  ['credmint', ['credmint']],
  [
    ['one', 'two'],
    ['one', 'two'],
  ],
  [[1, null, 'one', ['two'], { three: 3 }], ['one']],
  [1, []],
  [undefined, []],
])('the audience %j is one of these texts: %j', (aud, texts) => {
  expect(audiencesOf({ aud })).toEqual(texts);
});
