import type { IssuerGrammar } from '../../grants/prove/issuers/grammar.ts';
import { anyToken } from '../../grants/prove/issuers/grammar-of.ts';
import { isPlainlyEmpty } from '../../grants/prove/language.ts';
import { type Finding, findBeyond, type Product, type Region } from '../../grants/prove/product.ts';
import type { Admission, Admissions } from './admissions.ts';
import { claimOfAxis } from './axes.ts';
import { type FindDeps, find, isText, type Witness } from './find.ts';

/** What searches among the admissions of one configuration, or of two, must know. */
export const findDeps = (now: Date, ...configurations: readonly Admissions[]): FindDeps => {
  const grammars = new Map<string, IssuerGrammar>();
  for (const { rules } of configurations) {
    for (const { name, grammar } of rules) {
      // Of two callers of one issuer, one may name its preset and the other not.
      if ((grammars.get(name) ?? anyToken) === anyToken) grammars.set(name, grammar);
    }
  }
  return { now, grammarOf: (proof) => grammars.get(proof) ?? anyToken };
};

/** Whether it shows without a search that nothing is in both. */
const areApart = (one: Product, other: Product, grammar: IssuerGrammar): boolean => {
  for (const [axis, set] of other) {
    const own = one.get(axis);
    if (own?.kind === 'names' && set.kind === 'names') {
      if (![...set.names].some((name) => own.names.has(name))) return true;
    } else if (own?.kind === 'texts' && set.kind === 'texts') {
      if (isPlainlyEmpty({ some: [...own.language.some, ...set.language.some], none: [] })) return true;
    } else if (own?.kind === 'members' && set.kind === 'members' && isText(grammar, claimOfAxis(axis) ?? '')) {
      const some = [...own.some, ...set.some].flatMap((language) => language.some);
      if (some.length > 1 && isPlainlyEmpty({ some, none: [] })) return true;
    }
  }
  return false;
};

/** The regions that a product can have anything in common with. */
export const nearby = <Near extends Region>(
  product: Product,
  regions: readonly Near[],
  deps: FindDeps,
): readonly Near[] => {
  const [proof = ''] = [...namesOf(product, 'proof')];
  const grammar = deps.grammarOf(proof);
  return regions.filter((region) => !areApart(product, region.product, grammar));
};

const namesOf = (product: Product, axis: string): ReadonlySet<string> => {
  const set = product.get(axis);
  return set?.kind === 'names' ? set.names : new Set();
};

const whole = (product: Product): Region => ({ product, except: [] });

/** What an admission does not have after all: ambiguous tokens, and requests that earlier grants take. */
export const withheld = ({ rivals, before }: Admission): readonly Region[] => [...rivals.map(whole), ...before];

/** Finds a request that an admission allows and that is in none of the regions. */
export const findAllowed = (admission: Admission, regions: readonly Region[], deps: FindDeps): Finding<Witness> => {
  const { grant, operation, product } = admission;
  const needsPolicy =
    operation === 'GetFederationToken' && grant.policy === undefined && grant.accepts.includes('policy');
  return findBeyond(product, nearby(product, [...withheld(admission), ...regions], deps), (piece) => {
    const found = find(piece, deps);
    return needsPolicy && found.kind === 'found' ? { ...found, witness: { ...found.witness, policy: 'own' } } : found;
  });
};
