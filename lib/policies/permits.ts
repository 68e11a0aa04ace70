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
    if (at < pattern.length && pattern[at] === '*') {
      star = at++;
      resume = from;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[from])) {
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

/** Whether a statement is about any of these names. Of no name at all it is if it denies, or is about everything. */
const isAbout = ({ effect, resources, exceptResources }: Statement, names: readonly string[]): boolean =>
  names.length === 0
    ? effect === 'deny' || (!exceptResources && resources.includes('*'))
    : covers(resources, exceptResources, names);

const covers = (patterns: readonly string[], except: boolean, names: readonly string[]): boolean =>
  patterns.some((pattern) => names.some((name) => matchesPattern(pattern, name))) !== except;

const coversAction = ({ actions, exceptActions }: Statement, action: string): boolean =>
  covers(
    actions.map((pattern) => pattern.toLowerCase()),
    exceptActions,
    [action.toLowerCase()],
  );

/** Whether a statement is about the action on the resource, under any of the resource's names. */
export const coversRequest = (statement: Statement, action: string, names: readonly string[]): boolean =>
  coversAction(statement, action) && covers(statement.resources, statement.exceptResources, names);

/**
 * Whether every one of these policies allows the action on the resource, under any of the resource's names. A policy
 * can only take away: one that does not allow the action, or denies it, decides. What is not known is read at its worst:
 * a conditional statement, whose conditions are about requests that are not seen here, allows nothing and denies what it
 * names; an action on nothing in particular is denied by what denies it on something, and allowed only by what allows it
 * on everything. Action names are compared without case, as IAM and CAM do.
 */
export const permits = (
  policies: readonly (readonly Statement[])[],
  action: string,
  ...names: readonly string[]
): boolean =>
  policies.every((statements) => {
    const about = statements.filter((statement) => coversAction(statement, action) && isAbout(statement, names));
    return (
      about.every(({ effect }) => effect !== 'deny') &&
      about.some(({ effect, conditional }) => effect === 'allow' && !conditional)
    );
  });
