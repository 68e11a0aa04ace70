import { intersectProducts, type Product } from '../../grants/prove/product.ts';
import { anyAddress } from './addresses.ts';
import type { Admissions } from './admissions.ts';
import { names, numbers } from './axes.ts';
import { type FindDeps, find } from './find.ts';
import { near } from './near.ts';
import { withProof } from './proof-products.ts';
import { anyInstant, anyMinute } from './times.ts';
import type { Warning } from './warning.ts';

/** Any request, so that only what is proven is looked at. */
const anyRequest: Product = new Map([
  ['dialect', names('json')],
  ['address', { kind: 'numbers', intervals: anyAddress }],
  ['instant', { kind: 'numbers', intervals: anyInstant }],
  ['minute', { kind: 'numbers', intervals: anyMinute }],
  ['duration', numbers(0n, 0n)],
]);

/** Pairs of callers that one token fits, so that it proves neither. */
export const ambiguousCallers = ({ rules }: Admissions, deps: FindDeps): readonly Warning[] =>
  rules.flatMap((rule, index) => {
    const isNear = near(rule.claims, deps.grammarOf(rule.name));
    return rules.slice(index + 1).flatMap((other): Warning[] => {
      if (other.name !== rule.name || other.caller === rule.caller || !isNear(other.claims)) return [];
      const both = intersectProducts(withProof(rule, rule.claims), withProof(other, other.claims));
      const found = both && find(new Map([...both, ...anyRequest]), deps);
      if (found === undefined || found.kind === 'none') return [];
      const why = `and ${rule.path} can both fit one token, which then proves neither caller`;
      return found.kind === 'found'
        ? [{ code: 'ambiguous', path: other.path, why, witness: found.witness }]
        : [{ code: 'unknown', path: other.path, why: `may fit a token of ${rule.path}: ${found.why}` }];
    });
  });
