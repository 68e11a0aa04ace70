import { denialReasons, type UnmetClause } from '../core/denial.ts';
import { StsError } from '../core/errors.ts';

/** How much of why it was denied a caller is told. The audit record always has all of it. */
export type Explain = 'none' | 'code' | 'full';

/** A clause that was not met, in words without an end: of which grant or of which caller's own rule, and what was seen. */
export const unmetInWords = ({ grant, caller, clause, expected, saw }: UnmetClause): string =>
  `${grant ?? caller}: ${clause} should be ${expected}; there was ${saw}`;

/**
 * A denial as a caller may see it. Whoever is not proven has no grants and no rule, and is told nothing of any; nor is it
 * told of a lease why not, since the reason would say that there is such a lease. With `none`, that it is one; with `code`, its stable reason; with `full`, also which
 * clause of which of the caller's own grants was not met, and the class of what was seen.
 */
export const explained = (error: StsError, explain: Explain): StsError => {
  const { reason, trace = [], proofFault, untold, ...rest } = error.detail;
  if (reason === undefined) return error;
  if (explain === 'none' || untold || proofFault !== undefined) return new StsError(error.code);
  if (explain === 'code' || trace.length === 0) return new StsError(error.code, error.message, { ...rest, reason });
  const why = trace.map(unmetInWords).join('. ');
  return new StsError(error.code, `${denialReasons[reason]} ${why}.`, { ...rest, reason, trace });
};
