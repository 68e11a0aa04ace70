import { describe, expect, it } from 'vitest';
import { claimsUsed } from '../../lib/grants/claims-used.ts';
import { ask, rulesFor } from '../support/rules.ts';

const usedBy = (grant: object, claims?: Record<string, unknown>) => {
  const [compiled] = rulesFor(grant).grants.of('ci');
  const { caller } = ask(claims === undefined ? {} : { claims });
  return compiled && claimsUsed(compiled, caller);
};

describe('the claims that a grant looks at', () => {
  it('are those of its conditions and of its templates, and no others', () => {
    const grant = {
      claims: { ref: ['*'], '/k8s/namespace': ['*'] },
      acr: ['2'],
      amr: ['hwk'],
      references: { 'claims.actor': {}, caller: {} },
    };
    const claims = { ref: 'main', k8s: { namespace: 'team' }, acr: '2', amr: ['hwk', 'pin'], actor: 'ann', email: 'e' };
    expect(usedBy(grant, claims)).toEqual({
      ref: ['main'],
      '/k8s/namespace': ['team'],
      acr: ['2'],
      amr: ['hwk', 'pin'],
      actor: ['ann'],
    });
    // In the order of their names, so that records of one grant look alike.
    expect(Object.keys(usedBy(grant, claims) ?? {})).toEqual(['/k8s/namespace', 'acr', 'actor', 'amr', 'ref']);
  });

  it('are there without a text if the token does not have them', () => {
    expect(usedBy({ claims: { ref: ['*'] } }, { sub: 'x' })).toEqual({ ref: [] });
    expect(usedBy({ claims: { ref: ['*'] } })).toEqual({ ref: [] });
  });

  it('are none of a grant that looks at none', () => {
    expect(usedBy({}, { ref: 'main' })).toBeUndefined();
  });
});
