import type { IssuerGrammar } from '../../grants/prove/issuers/grammar.ts';
import { type Language, areApart as languagesAreApart } from '../../grants/prove/language.ts';
import type { Product } from '../../grants/prove/product.ts';
import type { AxisSet } from '../../grants/prove/set.ts';
import { claimOfAxis } from './axes.ts';
import { isText } from './find.ts';

const disjoint = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean => {
  for (const name of one) if (other.has(name)) return false;
  return true;
};

const anyApart = (some: readonly Language[], others: readonly Language[]): boolean => {
  for (const one of some) for (const other of others) if (languagesAreApart(one, other)) return true;
  return false;
};

const setsAreApart = (own: AxisSet, set: AxisSet, axis: string, grammar: IssuerGrammar): boolean => {
  if (own.kind === 'names' && set.kind === 'names') return disjoint(own.names, set.names);
  if (own.kind === 'texts' && set.kind === 'texts') return languagesAreApart(own.language, set.language);
  if (own.kind !== 'members' || set.kind !== 'members') return false;
  // Of a list, one member can be in the one and another in the other.
  return anyApart(own.some, set.some) && isText(grammar, claimOfAxis(axis) ?? '');
};

/** In which order axes tell most pairs apart: roles and claims, of which each grant has its own. */
const tellingOrder: readonly AxisSet['kind'][] = ['texts', 'members', 'names'];

/**
 * Tells which products may have something in common with one. Of the others it shows without a search that nothing is in
 * both: most pairs differ in how a pattern begins.
 */
export const near = (product: Product, grammar: IssuerGrammar): ((other: Product) => boolean) => {
  const telling = tellingOrder.flatMap((kind) => [...product].filter(([, { kind: own }]) => own === kind));
  return (other) =>
    !telling.some(([axis, own]) => {
      const set = other.get(axis);
      return set !== undefined && own !== set && setsAreApart(own, set, axis, grammar);
    });
};
