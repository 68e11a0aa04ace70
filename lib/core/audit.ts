import type { Cause } from './cause.ts';
import type { DenialReason, DenialTrace } from './denial.ts';
import type { StsErrorCode, UpstreamRefusal } from './errors.ts';
import type { ProofFault } from './proof-fault.ts';

/** The stages of a request that take time, in their order. */
export type Stage = 'parse' | 'authenticate' | 'authorize' | 'mint' | 'render';

/** How a request ends that does not fail; `AlreadyDone`: an event came again and was not answered again. */
export const doneOutcomes = ['Done', 'AlreadyDone'] as const;

export type DoneOutcome = (typeof doneOutcomes)[number];

export const isDone = (outcome: AuditRecord['outcome']): outcome is DoneOutcome =>
  doneOutcomes.some((done) => done === outcome);

/** What is recorded of one request, whatever came of it. No field can hold a secret, a body or a URL. */
export interface AuditRecord {
  readonly time: Date;
  readonly requestId: string;
  readonly dialect: string;
  readonly outcome: DoneOutcome | StsErrorCode;
  readonly operation?: string;
  readonly caller?: string;
  /** Who issued what proves the caller, and whom it names; of a session, the caller that began it. */
  readonly issuer?: string;
  readonly subject?: string;
  /** The texts of the claims that the grant looked at, by name. */
  readonly claims?: Readonly<Record<string, readonly string[]>>;
  /** How the caller was proven. */
  readonly proof?: string;
  /** The signature scheme, if the proof was a signature. */
  readonly scheme?: string;
  /** The key by which the caller was proven, or failed to be; never a secret half. */
  readonly callerKeyId?: string;
  /** Why the proof was not accepted. */
  readonly proofFault?: ProofFault;
  /** What the request offered as proof and was not looked at, such as a header that only a trusted proxy may send. */
  readonly ignored?: readonly string[];
  readonly grant?: string;
  readonly account?: string;
  readonly cloud?: string;
  readonly role?: string;
  /** As the caller asked for it. */
  readonly sessionName?: string;
  /** As it was given: the grant may have its own. */
  readonly givenSessionName?: string;
  /** The id of the event that asked. */
  readonly event?: string;
  /** The lease that was refreshed, delivered or read. */
  readonly lease?: string;
  /** Where the lease's credentials were delivered: the kind of place and its name. */
  readonly delivery?: string;
  /** As the caller asked, in seconds; absent if it did not ask. */
  readonly askedDurationSeconds?: number;
  /** As it was decided. */
  readonly durationSeconds?: number;
  /** Whether the credentials were minted for this request, or were kept from an earlier one. */
  readonly origin?: 'minted' | 'kept';
  /** The id of the key that was given. */
  readonly accessKeyId?: string;
  readonly expiration?: Date;
  /** The caller that acts for this one, by its name in the configuration, and whom its token names. */
  readonly actor?: string;
  readonly actorIssuer?: string;
  readonly actorSubject?: string;
  /** For whom a token was asked. */
  readonly audiences?: readonly string[];
  /** The `jti` of the token that was issued. */
  readonly tokenId?: string;
  /** Its `sub`: the grant may have its own. */
  readonly tokenSubject?: string;
  readonly upstream?: Partial<UpstreamRefusal>;
  /** Why a cloud, or what stands before it, did not answer. */
  readonly cause?: Cause;
  /** Where an error was thrown that nobody foresaw. */
  readonly faultSite?: string;
  /** What was wrong with a signature that was refused: a code of `npx credmint doctor`. */
  readonly signature?: string;
  readonly reason?: DenialReason;
  /** Why the grants denied it. */
  readonly trace?: DenialTrace;
  /** What would have refused a request that a grant in `audit` mode let through. */
  readonly auditOnlyViolations?: DenialTrace;
  readonly sourceIp?: string;
  /** The distributed trace that the request is a part of: 32 hex digits. */
  readonly traceId?: string;
  /** From the first look at the request to its answer. */
  readonly milliseconds?: number;
  /** The milliseconds of each stage that was entered; the last one entered may have failed. */
  readonly stages?: Readonly<Partial<Record<Stage, number>>>;
}

/** Writes one record, or rejects: then no credentials leave. */
export type WriteRecord = (record: AuditRecord) => Promise<void>;

/** Where records are written. Called as a function it makes room for a record and writes it. */
export interface AuditLog extends WriteRecord {
  /**
   * Makes room for one record, before anything is done that must be recorded. Waits for room until the signal is aborted,
   * then rejects with `Unavailable`. What it resolves to writes that record, and must be called once.
   */
  readonly reserve: (deadline: { readonly signal: AbortSignal }) => Promise<WriteRecord>;
  /** Told of each stage that an act enters whose record this log takes. Absent: nobody is. */
  readonly entered?: (stage: Stage) => void;
}

/**
 * A log that always has room.
 *
 * @example
 * ```ts
 * const audit = unlimitedAuditLog(async (record) => appendFile('audit.jsonl', `${JSON.stringify(record)}\n`));
 * ```
 */
export const unlimitedAuditLog = (write: WriteRecord): AuditLog =>
  Object.assign((record: AuditRecord) => write(record), { reserve: async () => write });

/** A log whose every write goes through `wrap`. `refused` is called if there is no room for a record. */
export const wrapAuditLog = (
  audit: AuditLog,
  wrap: (write: WriteRecord) => WriteRecord,
  refused: (thrown: unknown) => void = () => undefined,
): AuditLog =>
  Object.assign(wrap(audit), {
    ...(audit.entered === undefined ? {} : { entered: audit.entered }),
    reserve: async (deadline: { readonly signal: AbortSignal }) => {
      try {
        return wrap(await audit.reserve(deadline));
      } catch (thrown) {
        refused(thrown);
        throw thrown;
      }
    },
  });

/** The record of a request that is still being processed. */
export interface OpenRecord {
  note(more: Partial<AuditRecord>): void;
  /** Begins a stage and ends the one before it. */
  enter(stage: Stage): void;
  close(): AuditRecord;
}

/** What is known when a record is opened. */
export type RecordStart = Pick<AuditRecord, 'time' | 'requestId' | 'dialect'> & Partial<AuditRecord>;

/** Opens a record with the outcome `Internal`, so that a crash before its end is recorded as a failure of ours. */
export const openRecord = (
  known: RecordStart,
  clock: () => number,
  onStage: AuditLog['entered'] = () => undefined,
): OpenRecord => {
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
      onStage(next);
    },
    close: () => {
      record.milliseconds = leave() - began;
      stage = undefined;
      return record;
    },
  };
};
