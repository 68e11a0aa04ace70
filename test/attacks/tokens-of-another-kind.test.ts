import { describe, expect, it } from 'vitest';
import { newKey, proving, ruleOf, tokenOf } from '../support/token-issuer.ts';

// A token that the issuer signed for something else, or for whoever holds a key, is taken for a proof of who asks.

const key = newKey();
const prove = proving([ruleOf([key])]);
const faultOf = async (claims: object, header: object = {}): Promise<string | undefined> => {
  const answer = await prove(tokenOf(key, { ...claims }, { ...header }));
  return 'fault' in answer ? answer.fault : 'none';
};

describe('a token whose type says that it proves nobody', () => {
  it.each([
    'logout+jwt',
    'secevent+jwt',
    'dpop+jwt',
    'oauth-authz-req+jwt',
    'token-introspection+jwt',
    'kb+jwt',
    'dc+sd-jwt',
    'Logout+JWT',
    'application/logout+jwt',
    'x-at+jwt',
    'at+jwt+jwt',
    'logout+jwt;v=1',
    ['logout+jwt'],
    ['JWT'],
    { toString: 1, valueOf: 1 },
    1,
    true,
  ])('is refused: %s', async (typ) => {
    expect(await faultOf({}, { typ })).toBe('TokenOfAnotherKind');
  });

  it.each(['JWT', 'jwt', 'application/jwt', 'JOSE', 'at+jwt', 'application/at+jwt', 'AT+JWT', null, undefined])(
    'is taken if it is one of an identity or access token, or none: %s',
    async (typ) => {
      expect(await faultOf({}, { typ })).toBe('none');
    },
  );
});

describe('a token that is bound to a key', () => {
  it.each([
    ['of DPoP', { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' }],
    ['of a client certificate', { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' }],
    ['of any other kind', { kid: 'a' }],
    ['in words that are not known', 'somebody'],
    ['by nothing', null],
  ])('%s is refused, since the request does not prove that key', async (_, cnf) => {
    expect(await faultOf({ cnf })).toBe('TokenBound');
  });
});
