import type { DenialReason, DenialTrace } from './denial.ts';
import type { StsErrorCode, UpstreamRefusal } from './errors.ts';

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
  /** The key by which the caller was proven; never a secret half. */
  readonly callerKeyId?: string;
  readonly grant?: string;
  readonly account?: string;
  readonly cloud?: string;
  readonly role?: string;
  readonly sessionName?: string;
  readonly durationSeconds?: number;
  /** The id of the key that was minted. */
  readonly accessKeyId?: string;
  readonly expiration?: Date;
  readonly upstream?: Partial<UpstreamRefusal>;
  readonly reason?: DenialReason;
  /** Why a denial was one. */
  readonly trace?: DenialTrace;
  /** What would have refused a request that a grant in `audit` mode let through. */
  readonly wouldRefuse?: DenialTrace;
  readonly sourceIp?: string;
  readonly milliseconds?: number;
}

/** Writes a record down, or rejects: then no credentials leave. */
export type AuditLog = (record: AuditRecord) => Promise<void>;
