import { describe, expect, it } from 'vitest';
import { admissionsOf } from '../../../lib/diagnostics/prove/admissions.ts';
import { ambiguousCallers } from '../../../lib/diagnostics/prove/ambiguous.ts';
import { findDeps } from '../../../lib/diagnostics/prove/search.ts';
import { proveDeps, writtenConfig } from '../../support/prove.ts';

const issuer = 'https://issuer.example';
const jwt = (claims: object, changes: object = {}) => ({
  jwt: { issuer, audience: 'https://credmint.example', jwks: 'env:JWKS', claims, ...changes },
});

const warned = (callers: object) => {
  const admissions = admissionsOf(writtenConfig({ accounts: {}, callers, grants: [] }), proveDeps);
  return ambiguousCallers(admissions, findDeps(proveDeps.now, admissions));
};

describe('two callers', () => {
  it('are ambiguous if one token can fit both, which is shown', () => {
    const [warning, ...others] = warned({
      one: jwt({ sub: ['a*'] }),
      two: jwt({ sub: ['*b'] }),
      three: jwt({ sub: ['c'] }),
    });
    expect(others).toEqual([]);
    expect(warning).toMatchObject({
      code: 'ambiguous',
      path: 'callers.two.jwt',
      why: 'and callers.one.jwt can both fit one token, which then proves neither caller',
      witness: { claims: { iss: issuer, aud: 'https://credmint.example', sub: 'ab' }, proof: `a token of ${issuer}` },
    });
  });

  it.each<[string, object]>([
    ['of subjects that differ', { one: jwt({ sub: ['a'] }), two: jwt({ sub: ['b'] }) }],
    ['of subjects that only a search tells apart', { one: jwt({ sub: ['a*'] }), two: jwt({ sub: ['a/**'] }) }],
    ['of two issuers', { one: jwt({ sub: ['a'] }), two: jwt({ sub: ['a'] }, { issuer: 'https://other.example' }) }],
    ['of keys', { one: { accessKey: { id: 'A', secret: 'env:S' } }, two: { accessKey: { id: 'B', secret: 'env:S' } } }],
  ])('are not ambiguous: %s', (_, callers) => {
    expect(warned(callers)).toEqual([]);
  });

  it('are not ambiguous by two keys of one', () => {
    const accessKey = ['A', 'B'].map((id) => ({ id, secret: 'env:S' }));
    expect(warned({ one: { accessKey }, two: { accessKey: { id: 'C', secret: 'env:S' } } })).toEqual([]);
  });

  it('are each told of once, of every pair', () => {
    const callers = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, jwt({ sub: ['*'] })]));
    expect(warned(callers).map(({ path }) => path)).toEqual(['callers.b.jwt', 'callers.c.jwt', 'callers.c.jwt']);
  });

  it('may not be told apart by an instant, which is not searched for', () => {
    const callers = { one: jwt({ exp: ['1*'] }), two: jwt({ exp: ['*2'] }) };
    expect(warned(callers)).toEqual([
      {
        code: 'unknown',
        path: 'callers.two.jwt',
        why: 'may fit a token of callers.one.jwt: the claim exp: an instant is not searched for',
      },
    ]);
  });
});
