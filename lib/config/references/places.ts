import type { AwsSource } from '../../aws/credentials.ts';
import type { AccessKey } from '../../core/credentials.ts';
import type { Secret } from '../../core/secret.ts';

/** Where remote references lead, and in whose name they are followed. */
export interface ReferencePlaces {
  readonly aws?: {
    readonly source: AwsSource;
    readonly region: string;
    readonly ssm?: URL;
    readonly secretsManager?: URL;
  };
  readonly tencent?: { readonly key: AccessKey; readonly region: string; readonly endpoint: URL };
}

/** What references lead to; one that leads nowhere is left out. Rejects where a place does not answer. */
export type Follow = (references: readonly string[]) => Promise<ReadonlyMap<string, Secret>>;
