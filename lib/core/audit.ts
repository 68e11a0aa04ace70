import type { DenialReason, DenialTrace } from './denial.ts';
import type { StsErrorCode, UpstreamRefusal } from './errors.ts';
import type { ProofFault } from './proof-fault.ts';

/** The stages of a visit that take time, in their order. */
export type Stage = 'parse' | 'authenticate' | 'authorize' | 'mint' | 'render';

/** What is written down of one visit, whatever came of it. No field can hold a secret, a body or a URL. */
export interface AuditRecord {
  readonly time: Date;
  readonly requestId: string;
  readonly dialect: string;
  readonly outcome: 'Done' | StsErrorCode;
  readonly operation?: string;
  readonly caller?: string;
  /** How the caller was proven. */
  readonly proof?: string;
  /** The signature scheme, where the proof was one. */
  readonly scheme?: string;
  /** The key by which the caller was proven; never a secret half. */
  readonly callerKeyId?: string;
  /** Why the proof was none. */
  readonly proofFault?: ProofFault;
  /** What the request offered as proof and nobody looked at: a header that only a trusted proxy may send, and the like. */
  readonly ignored?: readonly string[];
  readonly grant?: string;
  readonly account?: string;
  readonly cloud?: string;
  readonly role?: string;
  readonly sessionName?: string;
  /** The lease that was refreshed, delivered or read. */
  readonly lease?: string;
  /** Where its credentials were taken: the kind of place and its name. */
  readonly delivery?: string;
  /** As the caller asked, in seconds; absent where it did not. */
  readonly askedDurationSeconds?: number;
  /** As it was settled. */
  readonly durationSeconds?: number;
  /** The id of the key that was minted. */
  readonly accessKeyId?: string;
  readonly expiration?: Date;
  readonly upstream?: Partial<UpstreamRefusal>;
  /** What was wrong with a signature that did not count: a code of `npx credmint doctor`. */
  readonly signature?: string;
  readonly reason?: DenialReason;
  /** Why a denial was one. */
  readonly trace?: DenialTrace;
  /** What would have refused a request that a grant in `audit` mode let through. */
  readonly auditOnlyViolations?: DenialTrace;
  readonly sourceIp?: string;
  /** From the first look at the request to its answer. */
  readonly milliseconds?: number;
  /** The milliseconds of each stage that was entered; the last one entered may have failed. */
  readonly stages?: Readonly<Partial<Record<Stage, number>>>;
}

/** Writes a record down, or rejects: then no credentials leave. */
export type AuditLog = (record: AuditRecord) => Promise<void>;

/** The record of a visit that is still going on. */
export interface OpenRecord {
  note(more: Partial<AuditRecord>): void;
  /** Ends the stage before it. */
  enter(stage: Stage): void;
  close(): AuditRecord;
}

/** What is known when a record is opened. */
export type RecordStart = Pick<AuditRecord, 'time' | 'requestId' | 'dialect'> & Partial<AuditRecord>;

/** Opens a record as a failure of ours, so that a crash between two lines is recorded as one. */
export const openRecord = (known: RecordStart, clock: () => number): OpenRecord => {
  const began = clock();
  const stages: Partial<Record<Stage, number>> = {};
  const record: { -readonly [Field in keyof AuditRecord]: AuditRecord[Field] } = {
    ...known,
    outcome: 'Internal',
    stages,
  };
  let stage: Stage | undefined;
  let entered = began;
  const leave = (): number => {
    const now = clock();
    if (stage !== undefined) stages[stage] = (stages[stage] ?? 0) + now - entered;
    entered = now;
    return now;
  };
  return {
    note: (more) => {
      Object.assign(record, more);
    },
    enter: (next) => {
      leave();
      stage = next;
    },
    close: () => {
      record.milliseconds = leave() - began;
      stage = undefined;
      return record;
    },
  };
};
