import { hash } from 'node:crypto';
import type { LogPosition } from './faults.ts';

const mostKept = 16;

/** Lines that a writer did not finish, until it shows that it did not. */
export interface Fragments {
  /** Keeps an unreadable line; gives back one that there is no more room for. */
  keep(line: Buffer, place: LogPosition): LogPosition | undefined;
  /** Forgives the fragments with which a good line begins: it was written again, whole. */
  forgiveBy(line: Buffer): void;
  /** Forgives the fragment that a signed beginning says it found. */
  forgive(torn: string): void;
  readonly forgiven: () => number;
  readonly left: () => readonly LogPosition[];
}

export const fragments = (): Fragments => {
  let kept: { readonly line: Buffer; readonly place: LogPosition }[] = [];
  let forgiven = 0;
  const forgiveWhere = (meant: (line: Buffer) => boolean): void => {
    if (kept.length === 0) return;
    const left = kept.filter(({ line }) => !meant(line));
    forgiven += kept.length - left.length;
    kept = left;
  };
  return {
    keep: (line, place) => {
      kept.push({ line: Buffer.from(line), place });
      return kept.length > mostKept ? kept.shift()?.place : undefined;
    },
    forgiveBy: (whole) => forgiveWhere((line) => whole.subarray(0, line.length).equals(line)),
    forgive: (torn) => forgiveWhere((line) => hash('sha256', line, 'hex') === torn),
    forgiven: () => forgiven,
    left: () => kept.map(({ place }) => place),
  };
};
