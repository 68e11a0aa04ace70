import type { PolicyGrammar } from '../core/policy.ts';
import { familiesOf } from '../policies/families.ts';
import { type Verdict, verdictOf } from '../policies/verdict.ts';

const inWords = (verdict: Verdict): string => {
  if (verdict.kind === 'allowed') return `allowed by statement ${verdict.statement}`;
  if (verdict.kind === 'denied') return `denied by statement ${verdict.statement}`;
  if (verdict.kind === 'unknown') return `unknown: the condition of statement ${verdict.statement} decides`;
  return 'not mentioned, so denied';
};

/** What an action on a resource comes to under a session policy, in lines; the first is the answer. */
export interface Forecast {
  readonly isAllowed: boolean;
  readonly lines: readonly string[];
}

/**
 * What the policies of a session say of an action: the most restrictive decides. The role's own policy at the cloud is
 * not seen here.
 */
export const willItWork = (
  grammar: PolicyGrammar,
  policies: readonly string[],
  action: string,
  resource: string,
): Forecast => {
  const readings = policies.map((policy) => grammar.read(policy));
  const documents = readings.flatMap((reading) => ('statements' in reading ? [reading.statements] : []));
  if (documents.length < readings.length)
    return { isAllowed: false, lines: [`A policy is not of the grammar ${grammar.name}.`] };
  const unseen = "The role's own policy at the cloud is not seen here, and can still deny it.";
  if (documents.length === 0) return { isAllowed: true, lines: [`${action}: no session policy narrows it.`, unseen] };
  // CAM writes an operation with `name/` or without it.
  const plain = (name: string): string => name.replace(/^name\//, '');
  const verdictsOf = (name: string): readonly Verdict[] =>
    documents.map((statements) => verdictOf(statements, plain(name), resource));
  const isAllowed = (name: string): boolean => verdictsOf(name).every(({ kind }) => kind === 'allowed');
  const asked = verdictsOf(action);
  const decisive = asked.find(({ kind }) => kind !== 'allowed') ?? asked[0];
  const missing = familiesOf(action).flatMap(({ name, actions }) => {
    const denied = actions.filter((one) => !isAllowed(one));
    return denied.length === 0 ? [] : [`For ${name} it lacks ${denied.join(', ')}.`];
  });
  const answer = `${action} on ${resource}: ${decisive === undefined ? '' : inWords(decisive)}.`;
  return { isAllowed: isAllowed(action), lines: [answer, ...missing, unseen] };
};
