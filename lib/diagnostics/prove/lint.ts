import type { WrittenConfig } from '../../config/schema.ts';
import { type Admission, admissionsOf } from './admissions.ts';
import { ambiguousCallers } from './ambiguous.ts';
import type { ProveDeps } from './configured.ts';
import { policyWarnings } from './policy-warnings.ts';
import { rotations } from './rotations.ts';
import { findAllowed, findDeps } from './search.ts';
import { type LintContext, tokenWarnings } from './token-warnings.ts';
import type { Warning } from './warning.ts';
import { wildcards } from './wildcards.ts';

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
  const earlier = own.flatMap(({ before }) => before.map((one) => one.index));
  const places = [...new Set(earlier)].map((at) => `grants.${at}`).join(' and ');
  return { code: 'shadowed', path, why: `is never used: ${places} before it takes every request` };
};

/** Everything that a careful reader would ask about, each by decision, with a request that shows it. */
export const lint = (written: WrittenConfig, proveDeps: ProveDeps): readonly Warning[] => {
  const admissions = admissionsOf(written, proveDeps);
  const context: LintContext = { admissions, deps: findDeps(proveDeps.now, admissions) };
  const byGrant = Map.groupBy(admissions.all, ({ index }) => index);
  const grants = written.grants.flatMap((grant, index): Warning[] => {
    proveDeps.onProgress?.(index, written.grants.length);
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
    ...policyWarnings(written, proveDeps),
    ...rotations(written),
  ];
};
