/** A grant may have thousands of roles, and a trace goes into every record of a denial. */
const maxListed = 10;

/** Patterns or texts in one line, as `a or b`; of many, the first and how many there are besides. */
export const listed = (all: readonly (string | { readonly written: string })[], joint: 'or' | 'and'): string => {
  const texts = all.slice(0, maxListed).map((one) => (typeof one === 'string' ? one : one.written));
  const besides = all.length - texts.length;
  return [...texts, ...(besides > 0 ? [`${besides} more`] : [])].join(` ${joint} `);
};
