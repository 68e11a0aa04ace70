import { type AxisSet, intersectSets, isPlainlyEmpty, subtractSets } from './set.ts';

/**
 * What one grant admits: everything whose value along each axis is in the axis's set. An axis that is not listed admits
 * every value, and that a token lacks it.
 */
export type Product = ReadonlyMap<string, AxisSet>;

/** What both admit; `undefined` if an axis shows at once that it is nothing. */
export const intersectProducts = (one: Product, other: Product): Product | undefined => {
  const both = new Map(one);
  for (const [axis, set] of other) {
    const own = both.get(axis);
    const common = own === undefined ? set : intersectSets(own, set);
    if (isPlainlyEmpty(common)) return undefined;
    both.set(axis, common);
  }
  return both;
};

/** The complement along one axis that the one does not list. */
const everythingBut = (set: AxisSet): readonly AxisSet[] | undefined => {
  if (set.kind === 'texts') return subtractSets({ kind: 'texts', language: { some: [], none: [] } }, set);
  if (set.kind === 'members') return subtractSets({ kind: 'members', some: [], never: [] }, set);
  return undefined;
};

/**
 * What the one admits and the other, with which it has something in common, does not: pieces that together are all of it. Each piece is outside the other along
 * one axis, and within it along the axes before. Finite axes and axes of numbers are listed by both products.
 */
const subtractProducts = (one: Product, other: Product): readonly Product[] => {
  const pieces: Product[] = [];
  let within = one;
  for (const [axis, set] of other) {
    const own = within.get(axis);
    const outside = own === undefined ? everythingBut(set) : subtractSets(own, set);
    if (outside === undefined) throw new TypeError(`The axis ${axis} is not listed by both products.`);
    for (const rest of outside) {
      if (!isPlainlyEmpty(rest)) pieces.push(new Map(within).set(axis, rest));
    }
    within = new Map(within).set(axis, own === undefined ? set : intersectSets(own, set));
  }
  return pieces;
};

/** A product without what other products take from it. */
export interface Region {
  readonly product: Product;
  readonly except: readonly Product[];
}

/** What came of looking for something that a product admits. */
export type Finding<Witness> =
  | { readonly kind: 'found'; readonly witness: Witness }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly why: string };

/** The parts of a product that are outside a region, among them what the region itself leaves out of what is within. */
const outside = (piece: Product, { product, except }: Region, within: Product): readonly Product[] => {
  const holes = except.flatMap((hole) => intersectProducts(within, hole) ?? []);
  return [...holes, ...subtractProducts(piece, product)];
};

/** How many pieces of a product are looked into. */
const maxPieces = 2_000;

/**
 * Finds something that a product admits and that is in none of the regions, or shows that there is nothing. `search`
 * looks into one product. Whatever stands between a piece and an answer is cut off one region at a time, so that a piece
 * that is empty is not cut further.
 */
export const findBeyond = <Witness>(
  one: Product,
  regions: readonly Region[],
  search: (product: Product) => Finding<Witness>,
  most = maxPieces,
): Finding<Witness> => {
  let looked = 0;
  let unknown: string | undefined;
  const beyond = (piece: Product, from: number): Finding<Witness> => {
    if (++looked > most) return { kind: 'unknown', why: `more than ${most} pieces` };
    const found = search(piece);
    if (found.kind === 'none') return found;
    if (found.kind === 'unknown') unknown ??= found.why;
    for (let at = from; at < regions.length; at++) {
      const region = regions[at] as Region;
      const within = intersectProducts(piece, region.product);
      if (within === undefined) continue;
      for (const rest of outside(piece, region, within)) {
        const result = beyond(rest, at + 1);
        // What is not known here may still be found in another piece, and that would be an answer.
        if (result.kind === 'found' || looked > most) return result;
      }
      return { kind: 'none' };
    }
    return found;
  };
  const result = beyond(one, 0);
  return result.kind === 'none' && unknown !== undefined ? { kind: 'unknown', why: unknown } : result;
};
