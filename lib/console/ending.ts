import type { AuditRecord } from '../core/audit.ts';
import { stsErrors } from '../core/errors.ts';
import type { Ending } from './view.ts';

/** Operations that obtain nothing. */
const obtainsNothing: ReadonlySet<string> = new Set(['GetCallerIdentity', 'ListLeases', 'Login', 'Logout', 'Observe']);

/**
 * How a request for credentials, a token or a lease ended; undefined of what asked for none, and of a lease's delivery.
 * A request that could not be read has no operation: it is refused.
 */
export const endingOf = ({ operation, outcome, origin, delivery }: AuditRecord): Ending | undefined => {
  if (delivery !== undefined || (operation !== undefined && obtainsNothing.has(operation))) return undefined;
  if (outcome === 'AlreadyDone') return 'kept';
  if (outcome === 'Done') return origin === 'kept' ? 'kept' : 'minted';
  return stsErrors[outcome].fault === 'caller' ? 'refused' : 'failed';
};
