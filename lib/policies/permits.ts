import type { Statement } from '../core/policy.ts';

/**
 * Whether a text matches a pattern in which `*` stands for any run of characters and `?` for one. Never backtracks
 * further than the last `*`, so its time is bounded by the product of the two lengths.
 */
export const matchesPattern = (pattern: string, text: string): boolean => {
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (from < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      resume = from;
    } else if (pattern[at] === '?' || pattern[at] === text[from]) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
};

/** What a policy is asked about. */
export interface Subject {
  /** The names of one action, in every system's words. */
  readonly actions: readonly string[];
  /** The names of one resource; of nothing in particular if there are none. */
  readonly names: readonly string[];
  /** Whether a pattern may be meant for the resource, though it matches none of its names. */
  readonly mayMean?: (pattern: string) => boolean;
}

const matchesAny = (patterns: readonly string[], names: readonly string[]): boolean =>
  patterns.some((pattern) => names.some((name) => matchesPattern(pattern, name)));

const coversAction = ({ actions, exceptActions }: Statement, names: readonly string[]): boolean =>
  matchesAny(
    actions.map((pattern) => pattern.toLowerCase()),
    names.map((name) => name.toLowerCase()),
  ) !== exceptActions;

/**
 * Whether a statement is about the resource. What takes away is taken to be about all that it may mean, what gives only
 * about what it names. Of no resource at all a statement is if it denies, or is about everything.
 */
const isAbout = ({ effect, resources, exceptResources }: Statement, { names, mayMean }: Subject): boolean => {
  const denies = effect === 'deny';
  if (names.length === 0) return denies || (!exceptResources && resources.includes('*'));
  const isNamed = matchesAny(resources, names);
  const takesAway = denies !== exceptResources;
  const isMeant = isNamed || (takesAway && mayMean !== undefined && resources.some(mayMean));
  return isMeant !== exceptResources;
};

/** Whether a statement is about the action on the resource. */
export const coversRequest = (statement: Statement, action: string, names: readonly string[]): boolean =>
  coversAction(statement, [action]) && matchesAny(statement.resources, names) !== statement.exceptResources;

/**
 * Whether every one of these policies allows the action on the resource, under any of the resource's names. A policy
 * can only take away: one that does not allow the action, or denies it, decides. What is not known is read at its worst:
 * a conditional statement, whose conditions are about requests that are not seen here, allows nothing and denies what it
 * names; an action on nothing in particular is denied by what denies it on something, and allowed only by what allows it
 * on everything. Action names are compared without case, as IAM and CAM do.
 */
export const permitsSubject = (policies: readonly (readonly Statement[])[], subject: Subject): boolean =>
  policies.every((statements) => {
    const about = statements.filter(
      (statement) => coversAction(statement, subject.actions) && isAbout(statement, subject),
    );
    return about.every(({ effect }) => effect === 'allow') && about.some(({ conditional }) => !conditional);
  });

/** `permitsSubject` for an action that has one name, on a resource that has these alone. */
export const permits = (
  policies: readonly (readonly Statement[])[],
  action: string,
  ...names: readonly string[]
): boolean => permitsSubject(policies, { actions: [action], names });
