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

const covers = (patterns: readonly string[], except: boolean, names: readonly string[]): boolean =>
  patterns.some((pattern) => names.some((name) => matchesPattern(pattern, name))) !== except;

/** Whether a statement is about the action on the resource, under any of the resource's names. */
export const coversRequest = (statement: Statement, action: string, names: readonly string[]): boolean =>
  covers(
    statement.actions.map((pattern) => pattern.toLowerCase()),
    statement.exceptActions,
    [action.toLowerCase()],
  ) && covers(statement.resources, statement.exceptResources, names);

/**
 * Whether every one of these policies allows the action on the resource, under any of the resource's names. A policy
 * can only take away: one that does not allow the action, or denies it, decides. A conditional statement is read at its
 * worst, as allowing nothing and denying what it names, since its conditions are about requests that are not seen here.
 * Action names are compared without case, as IAM and CAM do.
 */
export const permits = (
  policies: readonly (readonly Statement[])[],
  action: string,
  ...names: readonly [string, ...string[]]
): boolean =>
  policies.every((statements) => {
    const fitting = statements.filter((statement) => coversRequest(statement, action, names));
    return (
      fitting.every(({ effect }) => effect !== 'deny') &&
      fitting.some(({ effect, conditional }) => effect === 'allow' && !conditional)
    );
  });
