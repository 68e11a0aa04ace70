import { describe, expect, it } from 'vitest';
import { fairShares } from '../../lib/core/fair-shares.ts';

/** Takes for a share until there is no room, and returns how often there was. */
const take = (shares: ReturnType<typeof fairShares>, share?: string): number => {
  let count = 0;
  for (; shares.hasRoom(share); count++) shares.add(share);
  return count;
};

describe('fair shares', () => {
  it('give one share half of all, another half of the rest, and room to each that follows', () => {
    const shares = fairShares(16);
    expect([take(shares, 'a'), take(shares, 'b'), take(shares, 'c')]).toEqual([8, 4, 2]);
    expect(shares.taken).toBe(14);
  });

  it('give all to what belongs to no share', () => {
    const shares = fairShares(4);
    expect(take(shares)).toBe(4);
    expect(shares.hasRoom('a')).toBe(false);
  });

  it('give one place to a share that is alone with one', () => {
    expect(take(fairShares(1), 'a')).toBe(1);
  });

  it('give back what is removed, to the share and to all', () => {
    const shares = fairShares(4);
    expect(take(shares, 'a')).toBe(2);
    shares.remove('a');
    expect([shares.taken, shares.hasRoom('a')]).toEqual([1, true]);
    shares.remove('a');
    expect(take(shares, 'b')).toBe(2);
  });
});
