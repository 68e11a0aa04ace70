import type { Operation } from '../../sts/requests.ts';
import type { Pattern } from './pattern.ts';

/** One rule that allows callers something. What no grant allows is refused. */
export interface Grant {
  readonly name: string;
  /** Names of callers; `session` is every holder of a triad of the authority. */
  readonly callers: ReadonlySet<string>;
  /** Only when asked in these dialects; absent is any. */
  readonly dialects?: ReadonlySet<string>;
  readonly account: string;
  readonly operations: ReadonlySet<Operation>;
  /** For operations that name a role; matched against the text as asked. */
  readonly roles: readonly Pattern[];
  /** The longest that credentials may live. */
  readonly maxDurationSeconds?: number;
}
