import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../scripts/bundle.ts';
import { type ListName, lists, partsOf, type Selection, withParts } from '../../scripts/lists.ts';

const sourceOf = (list: ListName): string => readFileSync(join(root, lists[list].file), 'utf8');

/** Of every list, the parts that pass. */
const select = (pass: (part: string, index: number) => boolean): Selection =>
  Object.fromEntries(
    Object.keys(lists).map((list) => [
      list,
      new Set(partsOf(sourceOf(list as ListName), list as ListName).filter(pass)),
    ]),
  ) as unknown as Selection;

describe.each(Object.keys(lists) as ListName[])('the list %s', (list) => {
  const { file } = lists[list];
  const parts = partsOf(sourceOf(list), list);

  it('is found in its source, each part by a name of its own', () => {
    expect(parts.length).toBeGreaterThan(0);
    expect(parts).not.toContain('');
    expect(new Set(parts).size).toBe(parts.length);
  });

  it('is as it was with all of its parts', () => {
    expect(
      withParts(
        file,
        sourceOf(list),
        select(() => true),
      ),
    ).toBe(sourceOf(list));
  });

  it('has each part without the others, and can be empty', () => {
    for (const part of parts) {
      const one = withParts(
        file,
        sourceOf(list),
        select((each) => each === part),
      );
      expect(partsOf(one, list)).toEqual([part]);
    }
    expect(
      partsOf(
        withParts(
          file,
          sourceOf(list),
          select(() => false),
        ),
        list,
      ),
    ).toEqual([]);
  });

  it('refuses a part that it does not have', () => {
    const wrong = { ...select(() => true), [list]: new Set(['nonsense']) };
    expect(() => withParts(file, sourceOf(list), wrong)).toThrow(`${lists[list].object} has no nonsense`);
  });
});
