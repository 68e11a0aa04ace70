import { describe, expect, it } from 'vitest';
import { union } from '../../../lib/grants/prove/language.ts';
import {
  type Finding,
  findBeyond,
  intersectProducts,
  type Product,
  type Region,
} from '../../../lib/grants/prove/product.ts';
import type { AxisSet } from '../../../lib/grants/prove/set.ts';

const names = (text: string): AxisSet => ({ kind: 'names', names: new Set(text) });
const texts = (...patterns: readonly string[]): AxisSet => ({ kind: 'texts', language: union(patterns) });
const members = (...patterns: readonly string[]): AxisSet => ({ kind: 'members', some: [union(patterns)], never: [] });
/** A product of two axes of names, each a letter. */
const product = (x: string, y: string): Product =>
  new Map([
    ['x', names(x)],
    ['y', names(y)],
  ]);
const namesOf = (one: Product, axis: string): readonly string[] => {
  const set = one.get(axis);
  return set?.kind === 'names' ? [...set.names] : [];
};
const pointsOf = (one: Product): readonly string[] =>
  namesOf(one, 'x').flatMap((x) => namesOf(one, 'y').map((y) => x + y));
const first = (one: Product): Finding<string> => {
  const [witness] = pointsOf(one);
  return witness === undefined ? { kind: 'none' } : { kind: 'found', witness };
};

describe('what two products have in common', () => {
  it('is told by each axis, also by one that only one of them lists', () => {
    const [role, claim] = [texts('a*'), members('x')];
    const one = new Map<string, AxisSet>([...product('ab', 'ab'), ['role', role]]);
    const other = new Map<string, AxisSet>([...product('bc', 'ab'), ['claim', claim]]);
    expect(intersectProducts(one, other)).toEqual(new Map([...product('b', 'ab'), ['role', role], ['claim', claim]]));
  });

  it('is seen to be nothing by an axis', () => {
    expect(intersectProducts(product('ab', 'ab'), product('c', 'ab'))).toBeUndefined();
    expect(intersectProducts(new Map(), product('', 'ab'))).toBeUndefined();
  });
});

describe('what is beyond all regions', () => {
  const sets = ['a', 'b', 'ab', 'bc', 'abc'];
  const products = sets.flatMap((x) => sets.map((y) => product(x, y)));
  const isBeyond = (point: string, regions: readonly Region[]): boolean =>
    regions.every(
      ({ product: taken, except }) =>
        !pointsOf(taken).includes(point) || except.some((hole) => pointsOf(hole).includes(point)),
    );

  it('is found if there is something, and nothing is found otherwise', () => {
    let none = 0;
    for (const [at, one] of products.entries()) {
      for (const [other, taken] of products.entries()) {
        const pick = (step: number): Product => products[(other * step + at) % products.length] ?? taken;
        const regions: readonly Region[] = [
          { product: taken, except: [pick(3)] },
          { product: pick(7), except: [] },
          { product: pick(11), except: [pick(5), pick(2)] },
        ];
        const found = findBeyond(one, regions, first);
        const expected = pointsOf(one).filter((point) => isBeyond(point, regions));
        if (found.kind === 'found') expect(expected).toContain(found.witness);
        else {
          none++;
          expect([found.kind, expected]).toEqual(['none', []]);
        }
      }
    }
    expect(none).toBeGreaterThan(50);
  });

  it('is looked for where a region takes nothing, and is what the search has', () => {
    expect(findBeyond(product('a', 'a'), [], first)).toEqual({ kind: 'found', witness: 'aa' });
    expect(findBeyond(product('a', 'a'), [{ product: product('b', 'a'), except: [] }], first)).toEqual({
      kind: 'found',
      witness: 'aa',
    });
    expect(findBeyond(product('a', ''), [], first)).toEqual({ kind: 'none' });
  });

  const cut = (one: Product, taken: Product) => {
    const pieces: Product[] = [];
    findBeyond<never>(one, [{ product: taken, except: [] }], (piece) => {
      pieces.push(piece);
      return { kind: 'unknown', why: 'it is only looked at' };
    });
    return pieces.slice(1).map((piece) => Object.fromEntries(piece));
  };

  it('is cut along each axis in turn, within the axes before', () => {
    expect(cut(product('ab', 'ab'), product('b', 'b'))).toEqual([
      Object.fromEntries(product('a', 'ab')),
      Object.fromEntries(product('b', 'a')),
    ]);
  });

  it('is cut along texts and claims that only the region lists', () => {
    const [role, claim] = [union(['a*']), union(['x'])];
    const taken: Product = new Map([
      ['x', names('ab')],
      ['role', { kind: 'texts', language: role }],
      ['claim', { kind: 'members', some: [claim], never: [] }],
    ]);
    expect(cut(new Map([['x', names('ab')]]), taken)).toEqual([
      { x: names('ab'), role: { kind: 'texts', language: { some: [], none: role.some.flat() } } },
      {
        x: names('ab'),
        role: { kind: 'texts', language: role },
        claim: { kind: 'members', some: [], never: [claim] },
      },
    ]);
  });

  it('cannot be told along an axis of names that one product does not list', () => {
    expect(() =>
      findBeyond(new Map(), [{ product: product('a', 'a'), except: [] }], () => first(product('a', 'a'))),
    ).toThrow(new TypeError('The axis x is not listed by both products.'));
  });

  it('is not known if a search did not know and nothing else was found', () => {
    const unknown: Finding<string> = { kind: 'unknown', why: 'too far' };
    expect(findBeyond(product('a', 'a'), [], () => unknown)).toEqual(unknown);
    const everything = [{ product: product('abc', 'abc'), except: [] }];
    expect(findBeyond(product('a', 'a'), everything, () => unknown)).toEqual(unknown);
    // What is known to be beyond is an answer, whatever else is not known.
    const only = (one: Product) => (namesOf(one, 'y').join('') === 'c' ? first(one) : unknown);
    expect(findBeyond(product('a', 'bc'), [{ product: product('abc', 'b'), except: [] }], only)).toEqual({
      kind: 'found',
      witness: 'ac',
    });
  });

  it('is not looked for in parts of what is seen to be nothing', () => {
    let looked = 0;
    const found = findBeyond<never>(product('abc', 'abc'), [{ product: product('a', 'b'), except: [] }], () => {
      looked++;
      return { kind: 'none' };
    });
    expect([found, looked]).toEqual([{ kind: 'none' }, 1]);
  });

  it('is not looked for in more pieces than are allowed', () => {
    const holes = [...'abc'].flatMap((x) => [...'abc'].map((y) => ({ product: product(x, y), except: [] })));
    expect(findBeyond(product('abc', 'abc'), holes, first)).toEqual({ kind: 'none' });
    expect(findBeyond(product('abc', 'abc'), holes, first, 3)).toEqual({ kind: 'unknown', why: 'more than 3 pieces' });
    let needed = 0;
    findBeyond(product('abc', 'abc'), holes, (one) => {
      needed++;
      return first(one);
    });
    expect(findBeyond(product('abc', 'abc'), holes, first, needed)).toEqual({ kind: 'none' });
    for (let most = 1; most < needed; most++) {
      expect(findBeyond(product('abc', 'abc'), holes, first, most).kind).toBe('unknown');
    }
    let looked = 0;
    const counted = (one: Product) => {
      looked++;
      return first(one);
    };
    findBeyond(product('abc', 'abc'), holes, counted, 3);
    expect(looked).toBe(3);
    expect(findBeyond(product('a', 'a'), [], first, 1)).toEqual({ kind: 'found', witness: 'aa' });
  });
});
