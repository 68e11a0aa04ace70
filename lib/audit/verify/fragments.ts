import { hash } from 'node:crypto';
import { lineStart } from '../names.ts';
import type { LogPosition } from './faults.ts';

const maxKept = 16;

/** Lines that a writer did not finish, kept until the log itself explains them. */
export interface Fragments {
  /** Keeps an unreadable line; returns the position of the oldest if there are too many. */
  keep(line: Buffer, place: LogPosition): LogPosition | undefined;
  /** Forgives the fragments with which a good line of this chain begins: the writer wrote it again, whole. */
  forgiveBy(line: Buffer, chain: string): void;
  /** Forgives the fragment that a signed beginning says it found. */
  forgive(torn: string): void;
  readonly forgiven: () => number;
  readonly left: () => readonly LogPosition[];
}

interface Fragment {
  readonly line: Buffer;
  readonly place: LogPosition;
  /** The chain of the first good line behind it; `none` if other text stands there. */
  nextChain?: string;
}

const none = '';

/** Whether a line begins as every good one does and says more: the common beginning alone is no evidence of a line. */
const isBegun = (line: Buffer): boolean => line.length > lineStart.length && line.indexOf(lineStart, 0, 'latin1') === 0;

export const fragments = (): Fragments => {
  let kept: Fragment[] = [];
  let forgiven = 0;
  const forgiveIf = (isMeant: (fragment: Fragment) => boolean): void => {
    const left = kept.filter((fragment) => !isMeant(fragment));
    forgiven += kept.length - left.length;
    kept = left;
  };
  const settleNext = (chain: string): void => {
    for (const fragment of kept) fragment.nextChain ??= chain;
  };
  return {
    keep: (line, place) => {
      const begun = isBegun(line);
      // The rest of a line that was cut in two: what stands before it was not left unfinished by its writer.
      if (!begun) settleNext(none);
      kept.push({ line: Buffer.from(line), place, ...(begun ? {} : { nextChain: none }) });
      return kept.length > maxKept ? kept.shift()?.place : undefined;
    },
    forgiveBy: (whole, chain) => {
      if (kept.length === 0) return;
      settleNext(chain);
      forgiveIf(({ line, nextChain }) => nextChain === chain && whole.subarray(0, line.length).equals(line));
    },
    forgive: (torn) => forgiveIf(({ line }) => hash('sha256', line, 'hex') === torn),
    forgiven: () => forgiven,
    left: () => kept.map(({ place }) => place),
  };
};
