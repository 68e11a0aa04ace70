import type { IssuerGrammar } from '../../grants/prove/issuers/grammar.ts';
import { anyToken } from '../../grants/prove/issuers/grammar-of.ts';
import { type Finding, findBeyond, type Product, type Region } from '../../grants/prove/product.ts';
import type { Admission, Admissions } from './admissions.ts';
import { type FindDeps, find, type Witness } from './find.ts';

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

const whole = (product: Product): Region => ({ product, except: [] });

/** What an admission does not have after all: ambiguous tokens, and requests that earlier grants take. */
const withheld = ({ rivals, before }: Admission): readonly Region[] => [...rivals.map(whole), ...before];

/** Finds a request that an admission allows and that is in none of the regions. */
export const findAllowed = (admission: Admission, regions: readonly Region[], deps: FindDeps): Finding<Witness> => {
  const { grant, operation, product } = admission;
  const needsPolicy =
    operation === 'GetFederationToken' && grant.policy === undefined && grant.accepts.includes('policy');
  return findBeyond(product, [...withheld(admission), ...regions], (piece) => {
    const found = find(piece, deps);
    return needsPolicy && found.kind === 'found' ? { ...found, witness: { ...found.witness, policy: 'own' } } : found;
  });
};
