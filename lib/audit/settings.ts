import type { AccessKey } from '../core/credentials.ts';
import type { CheckpointRule } from './chain.ts';
import type { SigningKeys } from './keys.ts';

/** A place on the network, and how requests to it are signed. */
export interface RemotePlace {
  readonly endpoint: URL;
  readonly region: string;
  /** The current key: a platform may change its own. */
  readonly key: (signal: AbortSignal) => Promise<AccessKey>;
}

export type SinkSettings =
  | { readonly kind: 'stdout' }
  /** `sync`: a line is written only when the disk has it. */
  | { readonly kind: 'file'; readonly path: string; readonly sync: boolean }
  /** The endpoint is the bucket's own; the prefix is empty or ends in `/`. */
  | (RemotePlace & { readonly kind: 's3'; readonly prefix: string })
  /** The endpoint is the queue's URL. */
  | (RemotePlace & { readonly kind: 'sqs' });

/** How the configuration wants the audit trail. */
export interface AuditSettings {
  readonly sink: SinkSettings;
  /** Absent: lines are not chained. */
  readonly keys?: SigningKeys;
  readonly checkpoint: CheckpointRule;
}
