import { isObject } from '../../wire/json.ts';
import type { Link } from '../chain.ts';
import type { Entry } from '../entry.ts';
import { checkpointNames, eventNames, noHash } from '../names.ts';
import type { LogPosition, Problem } from './faults.ts';
import type { TrustedKeys } from './trusted-keys.ts';

/** How many lines of a chain are remembered, so that one that comes again can be compared: all that a sink repeats. */
const remembered = 4_096;

/** What was found of one chain. */
export interface ChainReport {
  readonly chain: string;
  /** Decisions, without checkpoints. */
  readonly records: number;
  readonly checkpoints: number;
  /** Decisions behind the last checkpoint: nothing shows whether they were changed. */
  readonly unproven: number;
  readonly ended: boolean;
  /** The chain that named the last line of this one, which has no end. */
  readonly followedBy?: string;
  /** Its last good line. */
  readonly last?: { readonly place: LogPosition; readonly sequence: number };
}

/** What a line means to its chain. */
export type Step =
  | { readonly problem: Problem; readonly sequence: number }
  /** `before`: the last lines of other chains, as a checkpoint names them. */
  | { readonly step: 'next' | 'repeated'; readonly before: readonly Link[]; readonly torn?: string };

/** One chain on its way, in memory that does not grow with it. */
export interface ChainCheck {
  take(entry: Entry, place: LogPosition): Step;
  /** The last good line. */
  readonly tip: () => Link | undefined;
  readonly report: () => Omit<ChainReport, 'followedBy'>;
}

const linkOf = (value: unknown): Link | undefined => {
  if (!isObject(value)) return undefined;
  const { chain, hash, sequence } = value;
  if (typeof chain !== 'string' || typeof hash !== 'string' || typeof sequence !== 'number') return undefined;
  return { chain, hash, sequence };
};

/** `partial`: the chain may have begun before the lines at hand. */
export const chainCheck = (chain: string, keys: TrustedKeys, partial: boolean): ChainCheck => {
  const hashes: string[] = [];
  let tip: Link | undefined;
  let last: ChainReport['last'];
  let first = 0;
  let records = 0;
  let checkpoints = 0;
  let unproven = 0;
  let ended = false;

  /** What is wrong with a line of which only its place in the chain is in question. */
  const misplaced = ({ sequence, previous, hash, members }: Entry): Problem | 'repeated' | undefined => {
    if (tip === undefined) {
      const begins = sequence === 0 && previous === noHash && members[checkpointNames.kind] === 'begin';
      return begins || (partial && sequence > 0) ? undefined : 'Headless';
    }
    if (sequence > tip.sequence + 1) return ended ? 'AfterEnd' : 'Missing';
    if (sequence === tip.sequence + 1) return ended ? 'AfterEnd' : previous === tip.hash ? undefined : 'Detached';
    if (sequence < first) return 'Headless';
    if (tip.sequence - sequence >= remembered) return 'TooLate';
    return hashes[sequence % remembered] === hash ? 'repeated' : 'Differs';
  };

  return {
    take: (entry, place) => {
      const { sequence, members } = entry;
      const found = entry.genuine ? misplaced(entry) : 'Changed';
      if (found === 'repeated') return { step: 'repeated', before: [] };
      // What is named is the line that is not there.
      if (found === 'Missing' || found === 'Headless')
        return { problem: found, sequence: tip === undefined ? 0 : tip.sequence + 1 };
      if (found !== undefined) return { problem: found, sequence };
      const isCheckpoint = members['event.name'] === eventNames.checkpoint;
      const kind = members[checkpointNames.kind];
      if (isCheckpoint) {
        // One beginning, at the beginning.
        if ((kind === 'begin') !== (sequence === 0)) return { problem: 'Malformed', sequence };
        const problem = keys.check(entry);
        if (problem !== undefined) return { problem, sequence };
      }
      if (tip === undefined) first = sequence;
      tip = { chain, sequence, hash: entry.hash };
      hashes[sequence % remembered] = entry.hash;
      last = { place, sequence };
      if (!isCheckpoint) {
        records++;
        unproven++;
        return { step: 'next', before: [] };
      }
      checkpoints++;
      unproven = 0;
      ended = kind === 'end';
      const lists = [members[checkpointNames.stopped], members[checkpointNames.seen]];
      const named = [members[checkpointNames.after], ...lists.flatMap((list) => (Array.isArray(list) ? list : []))];
      const torn = members[checkpointNames.torn];
      return {
        step: 'next',
        before: named.map(linkOf).filter((link) => link !== undefined),
        ...(typeof torn === 'string' ? { torn } : {}),
      };
    },
    tip: () => tip,
    report: () => ({ chain, records, checkpoints, unproven, ended, ...(last === undefined ? {} : { last }) }),
  };
};
