/**
 * The matches of a global sticky pattern that follow one another from the beginning of a text to its end; undefined if
 * they leave a rest.
 */
export const matchesOfWhole = (text: string, pattern: RegExp): readonly RegExpExecArray[] | undefined => {
  const matches = [...text.matchAll(pattern)];
  return matches.map(([whole]) => whole).join('') === text ? matches : undefined;
};
