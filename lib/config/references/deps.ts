import type { Transport } from '../../core/transport.ts';

/** What remote references are followed with. */
export interface ReferenceDeps {
  readonly transport: Transport;
  readonly now: () => Date;
}
