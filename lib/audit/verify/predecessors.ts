import type { Link } from '../chain.ts';
import type { LogPosition } from './faults.ts';

/** What a checkpoint of a chain says of another chain: which line of that it found last. */
export interface Claim {
  readonly by: string;
  /** The number of the checkpoint. */
  readonly sequence: number;
  readonly link: Link;
  readonly place: LogPosition;
}

/** What chains say of each other, until it can be compared. */
export interface Predecessors {
  add(claim: Claim): void;
  /** The claims that speak of this line. Those of earlier lines fall away: a chain that went on proves itself. */
  settle(tip: Link): readonly Claim[];
  /** Claims whose line never came. */
  readonly left: () => readonly Claim[];
}

export const predecessors = (): Predecessors => {
  const waiting = new Map<string, readonly Claim[]>();
  return {
    add: (claim) => {
      const { chain } = claim.link;
      waiting.set(chain, [...(waiting.get(chain) ?? []), claim]);
    },
    settle: ({ chain, sequence }) => {
      const claims = waiting.get(chain);
      if (claims === undefined) return [];
      const ahead = claims.filter(({ link }) => link.sequence > sequence);
      if (ahead.length > 0) waiting.set(chain, ahead);
      else waiting.delete(chain);
      return claims.filter(({ link }) => link.sequence === sequence);
    },
    left: () => [...waiting.values()].flat(),
  };
};
