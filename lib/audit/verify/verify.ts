import type { KeyObject } from 'node:crypto';
import { readEntry, readRespeltEntry } from '../entry.ts';
import { type ChainCheck, type ChainReport, chainCheck } from './chain-check.ts';
import type { Fault, LogPosition, Problem } from './faults.ts';
import { fragments } from './fragments.ts';
import { predecessors } from './predecessors.ts';
import { trustedKeys } from './trusted-keys.ts';

/** Which part of a log is given. */
export interface VerifyOptions {
  /** Only a part: chains may have begun before it, and their predecessors may be elsewhere. */
  readonly partial?: boolean;
  /** All of it, and nothing is written any more: a chain that neither ended nor was followed by another is a fault. */
  readonly complete?: boolean;
  /** A collector had it: other lines may stand between, and members may be in another order. */
  readonly collected?: boolean;
}

export interface AuditReport {
  /** Whether nothing is wrong. Lines behind a chain's last checkpoint are not faults; they are reported as unproven. */
  readonly ok: boolean;
  /** In the order of their lines; only the first of each chain. */
  readonly faults: readonly Fault[];
  readonly chains: readonly ChainReport[];
  readonly lines: number;
  /** Lines that occur twice and are the same. */
  readonly repeated: number;
  /** Lines that a writer left unfinished, as the log itself shows. */
  readonly torn: number;
  /** Lines that are not of the audit trail, in a log that a collector had. */
  readonly foreign: number;
}

/** A line that is part of a chain that holds up to here. */
export interface TakenLine {
  readonly chain: string;
  readonly sequence: number;
  /** `repeated`: the same line stood earlier. */
  readonly step: 'next' | 'repeated';
}

/** Takes a log line by line. */
export interface AuditVerifier {
  /** Returns undefined if the line is no part of a chain that holds. */
  take(line: Uint8Array | string, place?: LogPosition): TakenLine | undefined;
  finish(): AuditReport;
}

const maxForeign = 100;

/** One chain and what others say of it. */
interface Known {
  readonly check: ChainCheck;
  broken: boolean;
  /** Who named which line of this chain as the last that it found. */
  followed?: { readonly by: string; readonly sequence: number };
}

/**
 * Verifies that nothing in a log of many chains was changed, removed or moved between checkpoints. The lines of each
 * chain must come in their order; how the chains are interleaved does not matter. Needs memory for each chain, not for
 * each line.
 */
export const auditVerifier = (publicKeys: readonly KeyObject[], options: VerifyOptions = {}): AuditVerifier => {
  const { partial = false, complete = false, collected = false } = options;
  const read = collected ? readRespeltEntry : readEntry;
  const keys = trustedKeys(publicKeys);
  const chains = new Map<string, Known>();
  const before = predecessors();
  const pieces = fragments();
  const faults: (Fault & { readonly at: number })[] = [];
  let lines = 0;
  let repeated = 0;
  let foreign = 0;

  const numbers = new WeakMap<LogPosition, number>();
  const complain = (problem: Problem, place: LogPosition, of: Pick<Fault, 'chain' | 'sequence'> = {}): void => {
    // That the end is missing is known only after everything else.
    const at = problem === 'NoEnd' ? Number.POSITIVE_INFINITY : (numbers.get(place) ?? lines);
    faults.push({ problem, place, ...of, at });
  };
  const fail = (problem: Problem, chain: string, sequence: number, place: LogPosition): void => {
    const known = chains.get(chain);
    if (known?.broken === true) return;
    if (known !== undefined) known.broken = true;
    complain(problem, place, { chain, sequence });
  };

  /** Compares a chain with what others said of it. */
  const settle = (known: Known): void => {
    const tip = known.check.tip();
    if (tip === undefined) return;
    for (const { by, sequence, link, place } of before.settle(tip)) {
      if (link.hash === tip.hash) known.followed = { by, sequence: tip.sequence };
      else {
        fail('Forked', by, sequence, place);
        known.broken = true;
      }
    }
  };

  return {
    take: (given, place = { line: lines + 1 }) => {
      lines++;
      numbers.set(place, lines);
      const line =
        typeof given === 'string'
          ? Buffer.from(given, 'utf8')
          : Buffer.from(given.buffer, given.byteOffset, given.byteLength);
      if (line.length === 0) return undefined;
      const entry = read(line);
      if (entry === undefined) {
        if (collected) foreign++;
        else {
          const old = pieces.keep(line, place);
          if (old !== undefined && faults.length < maxForeign) complain('Foreign', old);
        }
        return undefined;
      }
      const { chain } = entry;
      let known = chains.get(chain);
      if (known === undefined) {
        known = { check: chainCheck(chain, keys, partial), broken: false };
        chains.set(chain, known);
      }
      if (known.broken) return undefined;
      const step = known.check.take(entry, place);
      if ('problem' in step) {
        fail(step.problem, chain, step.sequence, place);
        return undefined;
      }
      pieces.forgiveBy(line, chain);
      if (step.step === 'repeated') repeated++;
      if (step.torn !== undefined) pieces.forgive(step.torn);
      for (const link of step.before) {
        before.add({ by: chain, sequence: entry.sequence, link, place });
        const predecessor = chains.get(link.chain);
        if (predecessor !== undefined) settle(predecessor);
      }
      settle(known);
      return { chain, sequence: entry.sequence, step: step.step };
    },

    finish: () => {
      for (const { by, sequence, link, place } of before.left()) {
        const known = chains.get(link.chain);
        const tip = known?.check.tip();
        if (tip !== undefined) fail('Cut', link.chain, tip.sequence + 1, place);
        else if (!partial && known === undefined) fail('NoPredecessor', by, sequence, place);
      }
      for (const place of pieces.left()) complain('Foreign', place);
      const reports: ChainReport[] = [];
      for (const [chain, { check, followed }] of chains) {
        const report = check.report();
        const { last, ended } = report;
        if (last === undefined) continue;
        const stopped = !ended && followed?.sequence === last.sequence;
        reports.push(stopped ? { ...report, followedBy: followed.by } : report);
        if (complete && !ended && !stopped) fail('NoEnd', chain, last.sequence + 1, last.place);
      }
      const sorted = faults.sort((one, other) => one.at - other.at).map(({ at: _, ...fault }): Fault => fault);
      if (sorted.length === 0 && reports.length === 0) sorted.push({ problem: 'Empty' });
      return {
        ok: sorted.length === 0,
        faults: sorted,
        chains: reports,
        lines,
        repeated,
        torn: pieces.forgiven(),
        foreign,
      };
    },
  };
};

/** Verifies lines that need not all be in memory. */
export const verifyAudit = async (
  lines: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  publicKeys: readonly KeyObject[],
  options?: VerifyOptions,
): Promise<AuditReport> => {
  const verifier = auditVerifier(publicKeys, options);
  for await (const line of lines) verifier.take(line);
  return verifier.finish();
};
