import type { Product } from '../../grants/prove/product.ts';
import { names } from './axes.ts';
import type { ProofRule } from './proofs.ts';

/** The products of tokens that prove a caller by a rule, each with those by which other rules make it ambiguous. */
export interface ProofProduct {
  readonly rule: ProofRule;
  readonly product: Product;
  readonly rivals: readonly Product[];
}

/** What is shown to a rule, so that rules for the same thing can be told to be rivals. */
export const withProof = (rule: ProofRule, claims: Product): Product =>
  new Map([['proof', names(rule.name)], ...claims]);

/**
 * A token that fits two callers proves neither. What meets every claim of a rule goes before what a rule in `audit` mode
 * lets through.
 */
export const proofProducts = (rules: readonly ProofRule[]): readonly ProofProduct[] => {
  const byName = new Map<string, ProofRule[]>();
  for (const rule of rules) byName.set(rule.name, [...(byName.get(rule.name) ?? []), rule]);
  return rules.flatMap((rule): ProofProduct[] => {
    const others = (byName.get(rule.name) ?? []).filter(({ caller }) => caller !== rule.caller);
    const whole = others.map((other) => withProof(other, other.claims));
    const strict: ProofProduct = { rule, product: withProof(rule, rule.claims), rivals: whole };
    if (rule.leastClaims === undefined) return [strict];
    const lenient = others.flatMap((other) =>
      other.leastClaims === undefined ? [] : [withProof(other, other.leastClaims)],
    );
    return [strict, { rule, product: withProof(rule, rule.leastClaims), rivals: [...whole, ...lenient] }];
  });
};
