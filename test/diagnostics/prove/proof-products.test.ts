import { expect, it } from 'vitest';
import { names } from '../../../lib/diagnostics/prove/axes.ts';
import { proofProducts, withProof } from '../../../lib/diagnostics/prove/proof-products.ts';
import type { ProofRule } from '../../../lib/diagnostics/prove/proofs.ts';
import type { Product } from '../../../lib/grants/prove/product.ts';

const claims = (text: string): Product => new Map([['claim sub', names(text)]]);
const ruleOf = (caller: string, name: string, least?: Product): ProofRule =>
  ({
    caller,
    name,
    claims: claims(caller),
    ...(least === undefined ? {} : { leastClaims: least }),
  }) as ProofRule;

const least = claims('any');
const [one, two, lenient, other] = [
  ruleOf('one', 'a token'),
  ruleOf('two', 'a token'),
  ruleOf('lenient', 'a token', least),
  ruleOf('one', 'a key'),
];
const whole = (rule: ProofRule) => withProof(rule, rule.claims);

it('a token proves a caller unless it fits another by all its claims, or both by what audit mode lets through', () => {
  expect(proofProducts([one, two, lenient, other])).toEqual([
    { rule: one, product: whole(one), rivals: [whole(two), whole(lenient)] },
    { rule: two, product: whole(two), rivals: [whole(one), whole(lenient)] },
    { rule: lenient, product: whole(lenient), rivals: [whole(one), whole(two)] },
    { rule: lenient, product: withProof(lenient, least), rivals: [whole(one), whole(two)] },
    { rule: other, product: whole(other), rivals: [] },
  ]);
});

it('two rules in audit mode are rivals by what both let through', () => {
  const second = ruleOf('second', 'a token', least);
  expect(proofProducts([lenient, second, ruleOf('lenient', 'a token')]).map(({ rivals }) => rivals)).toEqual([
    [whole(second)],
    [whole(second), withProof(second, least)],
    [whole(lenient), whole(lenient)],
    [whole(lenient), whole(lenient), withProof(lenient, least)],
    [whole(second)],
  ]);
});

it('what is shown names the proof', () => {
  expect(withProof(one, claims('x'))).toEqual(
    new Map([
      ['proof', names('a token')],
      ['claim sub', names('x')],
    ]),
  );
});
