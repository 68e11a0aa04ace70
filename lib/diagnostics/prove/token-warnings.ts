import type { IssuerGrammar } from '../../grants/prove/issuers/grammar.ts';
import { findBeyond, intersectProducts, type Product, type Region } from '../../grants/prove/product.ts';
import type { AxisSet } from '../../grants/prove/set.ts';
import type { Admission, Admissions } from './admissions.ts';
import { claimAxis, member } from './axes.ts';
import { type FindDeps, find, type Witness } from './find.ts';
import { findAllowed } from './search.ts';
import type { Warning } from './warning.ts';

/** More names of environments than anybody lists one by one. */
const manyNames = 8;

const textAt = ({ claims }: Witness, name: string): string | undefined => {
  const path = name.startsWith('/') ? name.slice(1).split('/') : [name];
  const value = path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined),
    claims,
  );
  return typeof value === 'string' ? value : undefined;
};

/** What warnings must know besides the admission. */
export interface LintContext {
  readonly admissions: Admissions;
  readonly deps: FindDeps;
}

/** A request that the admission allows and whose claims are like this too. */
const allowedWith = (admission: Admission, claims: Product, { deps }: LintContext, regions: readonly Region[] = []) => {
  const product = intersectProducts(admission.product, claims);
  const found = product && findAllowed({ ...admission, product }, regions, deps);
  return found?.kind === 'found' ? found.witness : undefined;
};

/** Names that a claim can have in requests that are allowed, each with its request, up to a number. */
const namesOf = (admission: Admission, claim: string, most: number, context: LintContext): readonly Witness[] => {
  const { matching, exactly } = context.admissions.languages;
  const present: Product = new Map([[claimAxis(claim), member(matching(['**']))]]);
  const witnesses: Witness[] = [];
  const known: string[] = [];
  while (witnesses.length < most) {
    const region: Region = { product: new Map([[claimAxis(claim), member(exactly([...known]))]]), except: [] };
    const witness = allowedWith(admission, present, context, known.length === 0 ? [] : [region]);
    const name = witness && textAt(witness, claim);
    if (witness === undefined || name === undefined || known.includes(name)) break;
    witnesses.push(witness);
    known.push(name);
  }
  return witnesses;
};

const recents = new WeakMap<IssuerGrammar, IssuerGrammar>();

/** The kinds of tokens that have replaced older ones. */
const recentOf = (grammar: IssuerGrammar): IssuerGrammar => {
  const recent = recents.get(grammar) ?? {
    ...grammar,
    kinds: grammar.kinds.filter(({ newOnly }) => newOnly !== undefined),
  };
  recents.set(grammar, recent);
  return recent;
};

/** What every token of a rule has, whatever is asked of it. */
const isOfRule: ReadonlySet<string> = new Set(['iss', 'aud'].map(claimAxis));

/** What a careful reader asks about tokens. */
export const tokenWarnings = (admission: Admission, context: LintContext): readonly Warning[] => {
  const { rule, index } = admission;
  const { grammar } = rule;
  const { matching } = context.admissions.languages;
  const path = `grants.${index}`;
  const through = `by ${rule.caller}, admits`;
  const warnings: Warning[] = [];
  for (const risk of grammar.risks) {
    const claims = new Map(
      Object.entries(risk.claims).map(([name, list]) => [claimAxis(name), member(matching(list))]),
    );
    const witness = allowedWith(admission, claims, context);
    if (witness !== undefined) warnings.push({ code: risk.code, path, why: `${through} ${risk.why}`, witness });
  }
  const asked = new Map([...admission.product].filter(([axis]) => axis.startsWith('claim ') && !isOfRule.has(axis)));
  const free = new Map([...admission.product].filter(([axis]) => !asked.has(axis)));
  if (findBeyond(free, [{ product: asked, except: [] }], (piece) => find(piece, context.deps)).kind === 'none') {
    const why = `${through} every token of the issuer`;
    warnings.push({ code: 'wildcard', path, why });
  }
  const recent = recentOf(grammar);
  const isNewOnly = recent.kinds[0]?.newOnly;
  if (
    isNewOnly !== undefined &&
    findAllowed(admission, [], { ...context.deps, grammarOf: () => recent }).kind === 'none'
  ) {
    const why = `by ${rule.caller}, fits no token of ${isNewOnly}, whose subject names it with its ids`;
    warnings.push({ code: 'recent-repositories', path, why });
  }
  const [, second] = grammar.organisation === undefined ? [] : namesOf(admission, grammar.organisation, 2, context);
  if (second !== undefined) {
    warnings.push({
      code: 'organisations',
      path,
      why: `${through} more than one ${grammar.organisation}`,
      witness: second,
    });
  }
  const { environment } = grammar;
  const without: Product = new Map(
    environment === undefined
      ? []
      : [[claimAxis(environment), { kind: 'members', some: [], never: [matching(['**'])] } satisfies AxisSet]],
  );
  // If tokens without an environment are admitted, it is not what protects.
  const isMeant = environment !== undefined && allowedWith(admission, without, context) === undefined;
  const many = isMeant ? namesOf(admission, environment, manyNames, context) : [];
  if (many.length === manyNames) {
    const why = `${through} any ${environment}, so also one that nobody has protected yet`;
    warnings.push({ code: 'unprotected', path, why, witness: many.at(-1) as Witness });
  }
  return warnings;
};
