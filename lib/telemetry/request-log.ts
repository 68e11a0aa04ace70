import { type AuditLog, type AuditRecord, isDone, wrapAuditLog } from '../core/audit.ts';
import { causeInWords, causeOf } from '../core/cause.ts';
import { stsErrors } from '../core/errors.ts';
import type { Log, LogFields, LogLevel } from './log.ts';

/** Refusals are the caller's doing and usual; what the cloud or the broker did wants an operator. */
const levelOf = ({ outcome }: AuditRecord): LogLevel => {
  if (isDone(outcome)) return 'info';
  const { fault } = stsErrors[outcome];
  return fault === 'caller' ? 'info' : fault === 'cloud' ? 'warn' : 'error';
};

const fieldsOf = (record: AuditRecord): LogFields => ({
  request: record.requestId,
  trace: record.traceId,
  dialect: record.dialect,
  operation: record.operation,
  caller: record.caller,
  grant: record.grant,
  account: record.account,
  lease: record.lease,
  outcome: record.outcome,
  reason: record.reason,
  cause: record.cause === undefined ? undefined : causeInWords(record.cause),
  faultSite: record.faultSite,
  upstreamCode: record.upstream?.code,
  upstreamRequest: record.upstream?.requestId,
  origin: record.origin,
  milliseconds: record.milliseconds === undefined ? undefined : Math.round(record.milliseconds * 10) / 10,
});

/** Logs a line for each request, once its record is written, and a line for each record that cannot be written. */
export const requestLog =
  (log: Log) =>
  (audit: AuditLog): AuditLog =>
    wrapAuditLog(
      audit,
      (write) => async (record) => {
        try {
          await write(record);
          const level = levelOf(record);
          if (log.enabled?.(level) !== false) log(level, 'request', fieldsOf(record));
        } catch (thrown) {
          const cause = causeInWords(causeOf(thrown));
          log('error', 'the audit record cannot be written, so nothing was given', { ...fieldsOf(record), cause });
          throw thrown;
        }
      },
      (thrown) =>
        log('error', 'the audit trail takes no record, so nothing was done', { cause: causeInWords(causeOf(thrown)) }),
    );
