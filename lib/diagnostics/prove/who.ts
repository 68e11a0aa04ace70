import type { WrittenConfig } from '../../config/schema.ts';
import { intersectProducts, type Product, type Region } from '../../grants/prove/product.ts';
import { admissionsOf } from './admissions.ts';
import { claimAxis, member, texts } from './axes.ts';
import type { ProveDeps } from './configured.ts';
import type { Witness } from './find.ts';
import { findAllowed, findDeps } from './search.ts';

/** What is asked about. */
export interface WhoQuestion {
  readonly account: string;
  /** Absent is any role. */
  readonly role?: string;
  /** Absent is any operation. */
  readonly operation?: string;
  /** Who is known to have it: patterns for `sub`, `CLAIM=PATTERN`, or `caller=NAME`. */
  readonly except: readonly string[];
}

/** One way to obtain it. */
export interface Holder {
  readonly grant: string;
  readonly caller: string;
  readonly operation: string;
  readonly finding:
    | { readonly kind: 'found'; readonly witness: Witness }
    | { readonly kind: 'unknown'; readonly why: string };
}

/** Everybody who can obtain it: for each grant and proof, the shortest request that is allowed. */
export const who = (written: WrittenConfig, question: WhoQuestion, deps: ProveDeps): readonly Holder[] => {
  const admissions = admissionsOf(written, deps);
  const found = findDeps(deps.now, admissions);
  const { matching, exactly } = admissions.languages;
  const exceptions = question.except.map((text) => {
    const [, name = 'sub', pattern = text] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    return { name, pattern };
  });
  const callers = new Set(exceptions.flatMap(({ name, pattern }) => (name === 'caller' ? [pattern] : [])));
  const known = exceptions
    .filter(({ name }) => name !== 'caller')
    .map(
      ({ name, pattern }): Region => ({
        product: new Map([[claimAxis(name), member(matching([pattern]))]]),
        except: [],
      }),
    );
  const asked: Product = question.role === undefined ? new Map() : new Map([['role', texts(exactly([question.role]))]]);
  return admissions.all.flatMap((admission, index): Holder[] => {
    deps.onProgress?.(index, admissions.all.length);
    const { grant, rule, operation } = admission;
    if (grant.account !== question.account || callers.has(rule.caller)) return [];
    if (question.operation !== undefined && question.operation !== operation) return [];
    if (question.role !== undefined && !admission.product.has('role')) return [];
    const product = intersectProducts(admission.product, asked);
    const finding = product && findAllowed({ ...admission, product }, known, found);
    return finding === undefined || finding.kind === 'none'
      ? []
      : [{ grant: grant.name, caller: rule.caller, operation, finding }];
  });
};
