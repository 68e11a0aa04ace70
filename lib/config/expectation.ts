const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  Object: 'an object',
  Array: 'a list',
  integer: 'a whole number',
  otherwise: 'otherwise',
};

const bounds: Readonly<Record<string, (bound: string) => string>> = {
  min_value: (bound) => `must be at least ${bound}`,
  max_value: (bound) => `must be at most ${bound}`,
  min_length: (bound) => `must have at least ${bound === '1' ? 'one' : bound}`,
  max_length: (bound) => `must have at most ${bound}`,
};

/** What valibot expected, in words: `("a" | "b")` is `a or b`, `>=1` is `at least 1`. */
export const expectation = (type: string, expected: string): string => {
  const bound = Object.hasOwn(bounds, type) ? bounds[type] : undefined;
  if (bound !== undefined) return bound(expected.replace(/^[<>]=/, ''));
  if (type === 'integer') return 'must be a whole number';
  const options = expected
    .replace(/[()]/g, '')
    .split(' | ')
    .map((option) => (Object.hasOwn(kinds, option) ? kinds[option] : option.replace(/^"(.*)"$/, '$1')));
  const last = options.at(-1) ?? '';
  return `must be ${options.length === 1 ? last : `${options.slice(0, -1).join(', ')} or ${last}`}`;
};
