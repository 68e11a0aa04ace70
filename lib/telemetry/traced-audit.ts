import { type AuditLog, wrapAuditLog } from '../core/audit.ts';
import { activeTrace } from './trace.ts';

/** Writes into each record of which trace it is, and tells the trace of its steps and of the record. */
export const tracedAudit = (audit: AuditLog): AuditLog =>
  Object.assign(
    wrapAuditLog(audit, (write) => async (record) => {
      const trace = activeTrace();
      if (trace === undefined) return write(record);
      const traced = { ...record, traceId: trace.traceId };
      trace.enter('audit');
      try {
        await write(traced);
      } catch (thrown) {
        trace.note({ ...traced, outcome: 'Unavailable' });
        throw thrown;
      }
      trace.note(traced);
    }),
    { entered: (stage: Parameters<NonNullable<AuditLog['entered']>>[0]) => activeTrace()?.enter(stage) },
  );
