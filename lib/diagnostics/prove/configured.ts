import type { WrittenConfig } from '../../config/schema.ts';
import type { CalledAccount } from '../../core/called-account.ts';
import type { DurationRange, MintOperation } from '../../core/requests.ts';

export type WrittenGrant = WrittenConfig['grants'][number];
export type WrittenCaller = WrittenConfig['callers'][string];

/** What proofs must know besides the configuration. */
export interface ProveDeps {
  /** What is known beforehand of issuers, by the name of the preset. */
  readonly presets: Readonly<
    Record<
      string,
      {
        readonly algorithms: readonly string[];
        readonly issuer?: string;
        readonly claims?: Readonly<Record<string, readonly string[]>>;
      }
    >
  >;
  /** For how long an account gives credentials by an operation; undefined if its system does not have the operation. */
  range(account: CalledAccount & { readonly cloud: string }, operation: MintOperation): DurationRange | undefined;
  /** Throws an StsError if a cloud would refuse a text as a session policy. */
  checkPolicy(cloud: string, policy: string): void;
  readonly now: Date;
  /** Told again and again how many searches of how many are done. Absent: nobody is. */
  readonly onProgress?: (done: number, total: number) => void;
}
