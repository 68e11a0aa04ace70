import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parts } from '../../../scripts/mutate/parts.ts';

const matched = (patterns: readonly string[]): readonly string[] => patterns.flatMap((pattern) => globSync(pattern));

it('all code that decides is mutated, each file in one part', () => {
  const deciding = [
    'lib/{auth,authority,broker,grants,policies,signers}/**/*.ts',
    'lib/stores/seal/*.ts',
    'lib/mint/cache-key.ts',
  ];
  const mutated = Object.values(parts).flatMap(({ code }) => matched(code));
  expect(mutated.toSorted()).toEqual(matched(deciding).toSorted());
});

it.each(Object.keys(parts))('each pattern of tests of the part %s names some', (name) => {
  for (const pattern of parts[name]?.tests ?? []) expect(matched([pattern]), pattern).not.toEqual([]);
});
