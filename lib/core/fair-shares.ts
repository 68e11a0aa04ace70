/**
 * Counts who has how much of what is limited. One share may take as much as is free besides, which is half of all if
 * nobody else has any: so there is room for another share, and nothing is set aside for shares that do not ask. What
 * belongs to no share is bounded by the limit alone.
 *
 * @example
 * const shares = fairShares(1_000);
 * if (shares.hasRoom('alice')) shares.add('alice');
 */
export interface FairShares {
  /** How much is taken, of all shares and of none. */
  readonly taken: number;
  hasRoom(share: string | undefined): boolean;
  add(share: string | undefined): void;
  remove(share: string | undefined): void;
}

export const fairShares = (limit: number): FairShares => {
  const counts = new Map<string, number>();
  let taken = 0;
  const count = (share: string | undefined, change: 1 | -1): void => {
    taken += change;
    if (share === undefined) return;
    const left = (counts.get(share) ?? 0) + change;
    if (left === 0) counts.delete(share);
    else counts.set(share, left);
  };
  return {
    get taken() {
      return taken;
    },
    hasRoom: (share) => {
      const free = limit - taken;
      return free > 0 && (share === undefined || (counts.get(share) ?? 0) < free);
    },
    add: (share) => count(share, 1),
    remove: (share) => count(share, -1),
  };
};
