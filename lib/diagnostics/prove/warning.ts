import type { Witness } from './find.ts';

/** Something in a configuration that is allowed, or cannot be, and is probably not meant. */
export interface Warning {
  readonly code:
    | 'dead'
    | 'shadowed'
    | 'ambiguous'
    | 'wildcard'
    | 'organisations'
    | 'pull-request'
    | 'fork'
    | 'unprotected'
    | 'recent-repositories'
    | 'audit'
    | 'trust'
    | 'rotation'
    | 'policy'
    | 'unknown';
  readonly path: string;
  readonly why: string;
  /** A request that shows it. */
  readonly witness?: Witness;
}
