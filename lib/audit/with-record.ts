import { type AuditLog, type AuditRecord, type OpenRecord, openRecord, type RecordStart } from '../core/audit.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { boundedRecord } from './bounded-record.ts';

/** What a failure adds to the record, whatever way in it happened on. */
const fieldsOfRefusal = ({ code, detail }: StsError): Partial<AuditRecord> => ({
  outcome: code,
  ...omitUndefined({
    upstream: detail.upstream,
    reason: detail.reason,
    trace: detail.trace,
    proofFault: detail.proofFault,
    cause: detail.cause,
    faultSite: detail.faultSite,
  }),
});

/** Rejects with an StsError: what the audit trail says itself, such as `Unavailable`, or `Internal`. */
const orInternal = async <Result>(ask: () => Promise<Result>): Promise<Result> => {
  try {
    return await ask();
  } catch (thrown) {
    throw thrown instanceof StsError ? thrown : new StsError('Internal', 'The audit record cannot be written.');
  }
};

/**
 * Does something with a record of it: reserves room in the audit trail, opens the record, acts, and writes the record,
 * whatever came of it. Rejects with the StsError of the act. If there is no room by the deadline, rejects with
 * `Unavailable` and does not act; if the record cannot be written, rejects too: no record, no credentials.
 *
 * @example
 * const credentials = await withRecord({ time, requestId, dialect: 'event' }, async (record) => {
 *   record.note({ operation: 'AssumeRole' });
 *   return obtain();
 * }, { signal }, { audit });
 */
export const withRecord = async <Result>(
  start: RecordStart,
  act: (record: OpenRecord) => Promise<Result>,
  deadline: { readonly signal: AbortSignal },
  { audit }: { readonly audit: AuditLog },
): Promise<Result> => {
  const write = await orInternal(() => audit.reserve(deadline));
  const record = openRecord(start, () => performance.now(), audit.entered);
  try {
    const result = await act(record);
    record.note({ outcome: 'Done' });
    return result;
  } catch (thrown) {
    const error = StsError.from(thrown);
    record.note(fieldsOfRefusal(error));
    throw error;
  } finally {
    // A rejection here takes the place of the result.
    await orInternal(async () => write(boundedRecord(record.close())));
  }
};
