import { describe, expect, it } from 'vitest';
import { literalIndex } from '../../lib/grants/literal-index.ts';
import { compilePattern } from '../../lib/grants/pattern.ts';

/** By the subject, the patterns of which a text about it must match one. */
type Wanted = Readonly<Record<string, readonly string[]>>;
/** By the subject, the texts about it; a subject that is not named does not concern the request. */
type Texts = Readonly<Record<string, readonly string[]>>;

const indexOf = (wanted: readonly Wanted[]) => {
  const { candidates } = literalIndex([...wanted.keys()], (place) =>
    Object.entries(wanted[place] ?? {}).map(([about, written]) => ({ about, patterns: written.map(compilePattern) })),
  );
  return (texts: Texts) => candidates((about) => texts[about]);
};
const many = (count: number, wantedBy: (place: number) => Wanted) =>
  indexOf(Array.from({ length: count }, (_, place) => wantedBy(place)));
const upTo = (count: number) => Array.from({ length: count }, (_, place) => place);

describe('entries that are found by what is literal in their patterns', () => {
  it('are all tried if they are eight or fewer', () => {
    const wantedBy = (place: number) => ({ a: [`${place}`] });
    expect(many(8, wantedBy)({ a: ['3'] })).toEqual(upTo(8));
    expect(many(9, wantedBy)({ a: ['3'] })).toEqual([3]);
    expect(many(0, wantedBy)({ a: ['3'] })).toEqual([]);
  });

  it.each<[string, (place: number) => Wanted, Texts, readonly number[]]>([
    ['by a whole text', (place) => ({ a: [`${place}`] }), { a: ['7'] }, [7]],
    ['by no part of a whole text', (place) => ({ a: [`${place}`] }), { a: ['7x', 'x7', '*7', '=7', ''] }, []],
    [
      'by each text that there is, once and in their order',
      (place) => ({ a: [`${place}`] }),
      { a: ['9', '7', '9'] },
      [7, 9],
    ],
    [
      'by each of their patterns',
      (place) => ({ a: [`${place}`, `x${place}`, `y${place}-*`] }),
      { a: ['x3', '4', 'y5-z'] },
      [3, 4, 5],
    ],
    ['by the beginning', (place) => ({ a: [`${place}-*`] }), { a: ['7-x'] }, [7]],
    ['by a text that is no more than the beginning', (place) => ({ a: [`${place}-*`] }), { a: ['7-'] }, [7]],
    ['by no text that is less than the beginning', (place) => ({ a: [`${place}-*`] }), { a: ['7', ''] }, []],
    ['by beginnings of every length', (place) => ({ a: [`${'x'.repeat(place)}y*`] }), { a: ['xxxyz'] }, [3]],
    ['by the end', (place) => ({ a: [`*-${place}`] }), { a: ['x-7'] }, [7]],
    ['by no text that is less than the end', (place) => ({ a: [`*-${place}`] }), { a: ['7', ''] }, []],
    ['by the end, if all begin alike', (place) => ({ a: [`x*-${place}`] }), { a: ['x-7'] }, [7]],
    ['by the beginning, if all end alike', (place) => ({ a: [`${place}-*x`] }), { a: ['7-x'] }, [7]],
    [
      'by the end of one pattern and a whole text',
      (place) => ({ a: [`w${place}`, `x*-${place}`] }),
      { a: ['w3', 'x-7'] },
      [3, 7],
    ],
    ['by any text, if they begin and end with a wildcard', () => ({ a: ['*x*'] }), { a: [''] }, upTo(20)],
    ['by the subject that fewest share', (place) => ({ a: ['same'], b: [`${place}`] }), { a: ['same'], b: ['7'] }, [7]],
    [
      'by the subject that fewest share, though it comes first',
      (place) => ({ b: [`${place}`], a: ['same'] }),
      { a: ['same'], b: ['7'] },
      [7],
    ],
    [
      'by no other subject, if few are left',
      (place) => ({ a: [`${place % 2}`], b: [`${place >> 1}`] }),
      { a: ['1'], b: ['3'] },
      [6, 7],
    ],
    ['all, by a request that has nothing about the subject', (place) => ({ a: [`${place}`] }), {}, upTo(20)],
    ['not at all, by a request without a text about it', (place) => ({ a: [`${place}`] }), { a: [] }, []],
    [
      'whatever is asked, if they ask for nothing',
      (place): Wanted => (place < 2 ? {} : { a: [`${place}`] }),
      { a: ['7'] },
      [0, 1, 7],
    ],
    ['never, if they ask for one of no patterns', (place) => ({ a: place < 2 ? [] : [`${place}`] }), { a: ['7'] }, [7]],
  ])('are found %s', (_, wantedBy, texts, found) => {
    const candidates = many(20, wantedBy);
    expect(candidates(texts)).toEqual(found);
    // What the first search made is used by the next.
    expect(candidates(texts)).toEqual(found);
  });

  it('are found under two subjects, one after the other, among very many', () => {
    const candidates = many(400, (place) => ({ a: [`${place % 20}`], b: [`${Math.floor(place / 20)}-*`] }));
    expect(candidates({ a: ['3'], b: ['7-x'] })).toEqual([143]);
    expect(candidates({ a: ['3'], b: ['x'] })).toEqual([]);
    expect(candidates({ a: ['3'] })).toEqual(upTo(20).map((row) => 20 * row + 3));
  });

  it('are found by any subject, though each is filed by another', () => {
    const candidates = many(40, (place): Wanted => (place % 2 === 0 ? { a: [`${place}`] } : { b: [`${place}*`] }));
    expect(candidates({ a: ['4'], b: ['31x'] })).toEqual([3, 4, 31]);
  });

  it('costs few more than are meant, if two ways of asking are mixed', () => {
    // Each asks for one of two repositories that it shares with one other, and all for the same branch.
    const candidates = many(100, (place) => ({ branch: ['main'], repository: [`r${place}`, `r${place + 1}`] }));
    expect(candidates({ branch: ['main'], repository: ['r50'] })).toEqual([49, 50]);
  });
});
