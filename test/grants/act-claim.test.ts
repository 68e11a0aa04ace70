import { describe, expect, it } from 'vitest';
import { actClaim } from '../../lib/grants/act-claim.ts';

const chain = (depth: number): object => (depth === 1 ? { sub: 'one' } : { sub: 'one', act: chain(depth - 1) });

describe('the claim act of a token of another issuer', () => {
  it.each([
    ['an actor', { sub: 'ci', iss: 'https://issuer.example' }],
    ['eight actors', chain(8)],
    ['of 4,096 characters', { sub: 'x'.repeat(4_086) }],
  ])('is repeated if it is %s', (_, act) => {
    expect(actClaim(act)).toEqual(act);
  });

  it.each([
    ['absent', undefined],
    ['a text', 'admin'],
    ['a list', [{ sub: 'ci' }]],
    ['without a sub', { iss: 'https://issuer.example' }],
    ['of a sub that is no text', { sub: { name: 'ci' } }],
    ['too deep', chain(9)],
    ['too long', { sub: 'x'.repeat(4_087) }],
    ['good only outside', { sub: 'ci', act: 'admin' }],
  ])('is not repeated if it is %s', (_, act) => {
    expect(actClaim(act)).toBeUndefined();
  });
});
