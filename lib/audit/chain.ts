import { hash } from 'node:crypto';
import { canonicalJson, type Json } from './canonical.ts';
import type { SigningKeys } from './keys.ts';
import { chainNames, checkpointNames, eventNames, noHash } from './names.ts';

/** One line of a chain, named without ambiguity. */
export interface Link {
  readonly chain: string;
  readonly sequence: number;
  readonly hash: string;
}

/** When a checkpoint is due. Checked when a record is written; there is no timer. */
export interface CheckpointRule {
  readonly everyRecords: number;
  readonly everySeconds: number;
}

export interface ChainSettings {
  /** Random, of 32 hex digits. */
  readonly id: string;
  readonly keys: SigningKeys;
  readonly checkpoint: CheckpointRule;
  /** What the file held last, if the sink writes to one. */
  readonly after?: Link | undefined;
  /** The SHA-256 of a line that the writer before left unfinished. */
  readonly torn?: string | undefined;
  /** The last lines of chains in other files that stopped without an end. */
  readonly stopped?: readonly Link[] | undefined;
}

/** Chains the lines of one instance. Every line holds the hash of the one before it, and its own. */
export interface Chain {
  /**
   * The lines to write for a record: itself, and the checkpoints that are due before and after it. One is due if there are
   * other chains to name.
   */
  add(line: string, at: Date, seen?: readonly Link[]): string[];
  /** The last line; none if no record was added. */
  end(at: Date, seen?: readonly Link[]): string[];
  /** The last line so far. */
  tip(): Link;
}

type Kind = 'begin' | 'progress' | 'end';

/** As members of a line; none if there are none. */
const linksOf = (links: readonly Link[]): Json | undefined =>
  links.length === 0 ? undefined : links.map((link) => ({ ...link }));

/** Puts members before all others of an object's text. */
const putFirst = (members: string, text: string): string => `{${members},${text.slice(1)}`;

/**
 * A chain: a `begin`, records with a `progress` among them as the rule has it, and an `end`. These three are
 * checkpoints, lines like the others and signed as well. `line` is canonical JSON whose names sort after the chain's
 * own; so is all that comes out.
 */
export const createChain = ({ id, keys, checkpoint, after, torn, stopped = [] }: ChainSettings): Chain => {
  let sequence = 0;
  let previous = noHash;
  let unsigned = 0;
  let signedAt = 0;

  const place = (): string =>
    `"${chainNames.id}":"${id}","${chainNames.previous}":"${previous}","${chainNames.sequence}":${sequence}`;

  const close = (text: string): string => {
    previous = hash('sha256', text, 'hex');
    sequence++;
    return putFirst(`"${chainNames.hash}":"${previous}"`, text);
  };

  /** Each signature is over the line without signatures and hash: the chain, the position in it, the previous hash, time and key. */
  const mark = (kind: Kind, at: Date, seen: readonly Link[] = []): string => {
    const first = kind === 'begin';
    const body = canonicalJson({
      [checkpointNames.after]: first && after !== undefined ? { ...after } : undefined,
      [checkpointNames.key]: keys.current.id,
      [checkpointNames.kind]: kind,
      [checkpointNames.publicKey]: first ? keys.current.publicText : undefined,
      [checkpointNames.seen]: linksOf(seen),
      [checkpointNames.stopped]: first ? linksOf(stopped) : undefined,
      [checkpointNames.torn]: first ? torn : undefined,
      'event.name': eventNames.checkpoint,
      timestamp: at.toISOString(),
    });
    const text = putFirst(place(), body);
    const signatures = [keys.current, ...(first ? keys.older : [])].map((key) => ({
      key: key.id,
      value: key.sign(text),
    }));
    unsigned = 0;
    signedAt = at.getTime();
    return close(putFirst(`${place()},"${chainNames.signatures}":${canonicalJson(signatures)}`, body));
  };

  return {
    add: (line, at, seen = []) => {
      const lines = sequence === 0 ? [mark('begin', at)] : [];
      lines.push(close(putFirst(place(), line)));
      unsigned++;
      // The clock may be set back: then it is due as well.
      const isLate = Math.abs(at.getTime() - signedAt) >= checkpoint.everySeconds * 1000;
      const due = unsigned >= checkpoint.everyRecords || isLate || seen.length > 0;
      if (due) lines.push(mark('progress', at, seen));
      return lines;
    },
    end: (at, seen) => (sequence === 0 ? [] : [mark('end', at, seen)]),
    tip: () => ({ chain: id, sequence: sequence - 1, hash: previous }),
  };
};
