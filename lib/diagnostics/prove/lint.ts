import type { WrittenConfig } from '../../config/schema.ts';
import { findBeyond, intersectProducts, type Product, type Region } from '../../grants/prove/product.ts';
import type { AxisSet } from '../../grants/prove/set.ts';
import { type Admission, type Admissions, admissionsOf } from './admissions.ts';
import { ambiguousCallers } from './ambiguous.ts';
import { claimAxis, member } from './axes.ts';
import type { ProveDeps } from './configured.ts';
import { type FindDeps, find, type Witness } from './find.ts';
import { findAllowed, findDeps, nearby } from './search.ts';
import type { Warning } from './warning.ts';
import { wildcards } from './wildcards.ts';

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

interface LintContext {
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

/** What every token of a rule has, whatever is asked of it. */
const isOfRule: ReadonlySet<string> = new Set(['iss', 'aud'].map(claimAxis));

/** What a careful reader asks about tokens. */
const tokenWarnings = (admission: Admission, context: LintContext): readonly Warning[] => {
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
  const recent = grammar.kinds.filter(({ newOnly }) => newOnly !== undefined);
  const onlyRecent = { ...context.deps, grammarOf: () => ({ ...grammar, kinds: recent }) };
  if (recent.length > 0 && findAllowed(admission, [], onlyRecent).kind === 'none') {
    const why = `by ${rule.caller}, fits no token of ${recent[0]?.newOnly}, whose subject names it with its ids`;
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

const isOfTokens = ({ rule, grant }: Admission): boolean =>
  (rule.kind === 'jwt' || rule.kind === 'gateway') && grant.account !== '';

/** Grants that are of no use: those that nothing fits, and those whose requests earlier ones take. */
const uselessness = (index: number, own: readonly Admission[], { deps }: LintContext): Warning | undefined => {
  const path = `grants.${index}`;
  let isDead = true;
  for (const admission of own) {
    const { kind } = findAllowed(admission, [], deps);
    if (kind === 'found') return undefined;
    if (kind === 'unknown') {
      return { code: 'unknown', path, why: 'may be of no use; a bound was hit before it could be told' };
    }
    if (findAllowed({ ...admission, before: [] }, [], deps).kind !== 'none') isDead = false;
  }
  if (isDead) return { code: 'dead', path, why: 'can never be used: no request meets all of it' };
  const earlier = own.flatMap(({ product, before, rule }) =>
    nearby(product, before, { ...deps, grammarOf: () => rule.grammar }).map((one) => one.index),
  );
  const places = [...new Set(earlier)].map((at) => `grants.${at}`).join(' and ');
  return { code: 'shadowed', path, why: `is never used: ${places} before it takes every request` };
};

/** Everything that a careful reader would ask about, each by decision, with a request that shows it. */
export const lint = (written: WrittenConfig, proveDeps: ProveDeps): readonly Warning[] => {
  const admissions = admissionsOf(written, proveDeps);
  const context: LintContext = { admissions, deps: findDeps(proveDeps.now, admissions) };
  const byGrant = Map.groupBy(admissions.all, ({ index }) => index);
  const grants = written.grants.flatMap((grant, index): Warning[] => {
    const own = byGrant.get(index) ?? [];
    const useless = uselessness(index, own, context);
    const warnings: Warning[] = useless === undefined ? [] : [useless];
    if (grant.mode === 'audit') {
      warnings.push({ code: 'audit', path: `grants.${index}.mode`, why: 'is audit: the conditions are not enforced' });
    }
    if (useless !== undefined) return warnings;
    const seen = new Set<string>();
    for (const warning of own.filter(isOfTokens).flatMap((one) => tokenWarnings(one, context))) {
      // The same of another operation says nothing new.
      if (!seen.has(warning.why)) warnings.push(warning);
      seen.add(warning.why);
    }
    return warnings;
  });
  const trusts = Object.entries(written.authority?.roles ?? {}).flatMap(([name, role]): Warning[] =>
    role.trust.includes('*')
      ? [{ code: 'trust', path: `authority.roles.${name}.trust`, why: 'trusts every caller that is proven' }]
      : [],
  );
  return [
    ...grants,
    ...wildcards(written, admissions, context.deps),
    ...ambiguousCallers(admissions, context.deps),
    ...trusts,
  ];
};
