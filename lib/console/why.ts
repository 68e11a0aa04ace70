import { type AuditRecord, isDone } from '../core/audit.ts';
import { causeInWords } from '../core/cause.ts';
import { denialReasons } from '../core/denial.ts';
import { stsErrors } from '../core/errors.ts';
import { proofFaults } from '../core/proof-fault.ts';
import { unmetInWords } from '../grants/explained.ts';

/** Why a request was not answered as asked, in sentences; of one that was let through, what would have refused it. */
export const whyOf = (record: AuditRecord): readonly string[] => {
  const { outcome, reason, trace = [], proofFault, cause, upstream, auditOnlyViolations = [] } = record;
  const lenient = auditOnlyViolations.map((unmet) => `Would be refused but for audit mode: ${unmetInWords(unmet)}.`);
  if (isDone(outcome)) return lenient;
  const first = reason === undefined ? stsErrors[outcome].title : denialReasons[reason];
  return [
    first,
    ...trace.map((unmet) => `${unmetInWords(unmet)}.`),
    ...(proofFault === undefined ? [] : [proofFaults[proofFault]]),
    ...(cause === undefined ? [] : [`The cause: ${causeInWords(cause)}.`]),
    ...(upstream?.code === undefined ? [] : [`The cloud said ${upstream.code}.`]),
    ...lenient,
  ];
};
