import { type DenialReason, denialReasons } from '../core/denial.ts';
import { StsError } from '../core/errors.ts';
import type { Grant } from './grant.ts';

/** Refuses a request that the grant allows but for one member. */
export const refuse = (grant: Grant, clause: string, reason: DenialReason): never => {
  const trace = [{ grant: grant.name, clause, reason, expected: 'none from the caller', saw: 'one' }];
  throw new StsError('AccessDenied', denialReasons[reason], { parameter: clause, reason, trace });
};
