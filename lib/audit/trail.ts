import type { AuditLog } from '../core/audit.ts';
import { type Chain, type CheckpointRule, createChain } from './chain.ts';
import { groupCommit } from './group-commit.ts';
import type { SigningKeys } from './keys.ts';
import { lineOf } from './line.ts';
import type { Sink } from './sink.ts';

/** The records of what one instance decides. */
export interface AuditTrail {
  readonly record: AuditLog;
  /** Writes what waits and the end of the chain; after that every record is rejected. */
  close(): Promise<void>;
}

/** How the lines of a trail are chained. */
export interface Chaining {
  readonly id: string;
  readonly keys: SigningKeys;
  readonly checkpoint: CheckpointRule;
}

/** How many lines may wait for a sink that is stuck; fewer than a verifier remembers of each chain. */
export const maxWaiting = 500;

/** A trail into a sink; chained if there is a key to sign its checkpoints. */
export const auditTrail = (sink: Sink, now: () => Date, chaining?: Chaining): AuditTrail => {
  const commit = groupCommit(sink, maxWaiting);
  let closed = false;
  let beginning: Promise<Chain> | undefined;

  const begin = async (settings: Chaining): Promise<Chain> => {
    const { last, torn } = (await sink.remains?.()) ?? {};
    return createChain({ ...settings, after: last, torn });
  };
  const chainOf = (settings: Chaining): Promise<Chain> => {
    // A beginning that failed is tried again by the next record.
    beginning ??= begin(settings).catch((thrown: unknown) => {
      beginning = undefined;
      throw thrown;
    });
    return beginning;
  };

  return {
    record: async (record) => {
      const chain = chaining && (await chainOf(chaining));
      if (closed) throw new Error('The audit trail is closed.');
      if (commit.full()) throw new Error('The audit sink takes nothing.');
      const line = lineOf(record);
      await commit(chain === undefined ? [line] : chain.add(line, now()));
    },
    close: async () => {
      if (closed) return;
      closed = true;
      const chain = await beginning?.catch(() => undefined);
      try {
        await commit(chain?.end(now()) ?? []);
      } finally {
        await sink.close?.();
      }
    },
  };
};
