/** How many letters must be added, removed or changed to make one text of the other (Levenshtein). */
const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    let diagonal = index;
    const next = [index + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const above = row[column + 1] ?? 0;
      next.push(Math.min(above + 1, (next[column] ?? 0) + 1, diagonal + (letter === otherLetter ? 0 : 1)));
      diagonal = above;
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

/** The name that was probably meant; undefined if none is near, or the text is too long to be a name. */
export const nearest = (text: string, names: readonly string[]): string | undefined => {
  if (text.length > 64) return undefined;
  const allowed = text.length < 4 ? 1 : Math.max(2, Math.floor(text.length / 3));
  let best: { readonly name: string; readonly far: number } | undefined;
  for (const name of names) {
    const far = distance(text.toLowerCase(), name.toLowerCase());
    if (far <= allowed && (best === undefined || far < best.far)) best = { name, far };
  }
  return best?.name;
};
