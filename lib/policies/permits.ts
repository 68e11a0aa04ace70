import type { Statement } from './document.ts';

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

/**
 * Whether every one of these policies allows the action on the resource, whichever of its names they know it by. Each
 * can only take away: one that does not allow it, or denies it, is the end. What is not known is taken at its worst: a
 * conditional statement, whose conditions are about requests that are not seen here, allows nothing and denies what it
 * names; and an action that is done to nothing in particular is denied by whatever denies it of something, and allowed
 * by what allows it of everything. Action names compare without case, as they do in IAM and CAM.
 */
export const permits = (
  policies: readonly (readonly Statement[])[],
  action: string,
  ...names: readonly string[]
): boolean => {
  const wanted = [action.toLowerCase()];
  return policies.every((statements) => {
    let allowed = false;
    for (const statement of statements) {
      const actions = statement.actions.map((pattern) => pattern.toLowerCase());
      if (!covers(actions, statement.exceptActions, wanted)) continue;
      if (!isAbout(statement, names)) continue;
      if (statement.effect === 'deny') return false;
      if (!statement.conditional) allowed = true;
    }
    return allowed;
  });
};
