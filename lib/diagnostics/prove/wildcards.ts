import type { WrittenConfig } from '../../config/schema.ts';
import type { Admissions } from './admissions.ts';
import { claimAxis, member } from './axes.ts';
import { type FindDeps, find } from './find.ts';
import type { Warning } from './warning.ts';

/** Claims that are asked for and let everything through. */
export const wildcards = (written: WrittenConfig, admissions: Admissions, deps: FindDeps): readonly Warning[] => {
  const { matching } = admissions.languages;
  /** Many grants ask the same of a claim. */
  const known = new Map<string, boolean>();
  const admitsAll = (proof: string, claim: string, patterns: readonly string[]): boolean => {
    const key = JSON.stringify([proof, claim, patterns]);
    const answer = known.get(key) ?? admitsAllOf(proof, claim, patterns);
    known.set(key, answer);
    return answer;
  };
  const admitsAllOf = (proof: string, claim: string, patterns: readonly string[]): boolean => {
    const rule = admissions.rules.find(({ name }) => name === proof);
    if (rule === undefined) return false;
    const base = admissions.all.find((one) => one.rule.name === proof)?.product;
    if (base === undefined) return false;
    const free = new Map([...base].filter(([axis]) => !axis.startsWith('claim ')));
    const present = new Map(free).set(claimAxis(claim), {
      ...member(matching(['**'])),
      never: [matching(patterns)],
    });
    return find(present, deps).kind === 'none';
  };
  const ofCallers = admissions.rules.flatMap((rule) => {
    const { jwt, authorizer } = written.callers[rule.caller] ?? {};
    const claims = rule.kind === 'jwt' ? jwt?.claims : rule.kind === 'gateway' ? authorizer?.claims : undefined;
    return Object.entries(claims ?? {}).flatMap(([claim, patterns]): Warning[] =>
      admitsAll(rule.name, claim, patterns)
        ? [
            {
              code: 'wildcard',
              path: `${rule.path}.claims.${claim}`,
              why: `${patterns.join(' or ')} admits every value`,
            },
          ]
        : [],
    );
  });
  const ofGrants = written.grants.flatMap((grant, index) => {
    const rules = admissions.rules.filter(({ caller, kind }) => grant.callers.includes(caller) && kind === 'jwt');
    const ofClaims = Object.entries(grant.claims).flatMap(([claim, patterns]): Warning[] =>
      rules.some(({ name }) => admitsAll(name, claim, patterns))
        ? [
            {
              code: 'wildcard',
              path: `grants.${index}.claims.${claim}`,
              why: `${patterns.join(' or ')} admits every value`,
            },
          ]
        : [],
    );
    const path = `grants.${index}.roles`;
    const isAny = grant.roles.some((pattern) => /^\*\*+$/.test(pattern));
    return isAny
      ? [...ofClaims, { code: 'wildcard' as const, path, why: 'admits every role of the account' }]
      : ofClaims;
  });
  return [...ofCallers, ...ofGrants];
};
