import { type AuditLog, type AuditRecord, type OpenRecord, openRecord, type RecordStart } from '../core/audit.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';

/** What a failure adds to the record, whatever way in it happened on. */
const fieldsOfRefusal = ({ code, detail }: StsError): Partial<AuditRecord> => ({
  outcome: code,
  ...omitUndefined({
    upstream: detail.upstream,
    reason: detail.reason,
    trace: detail.trace,
    proofFault: detail.proofFault,
    cause: detail.cause,
  }),
});

/**
 * Does something with a record of it: opens the record, acts, and writes the record, whatever came of it. Rejects with
 * the StsError of the act, or with `Internal` if the record cannot be written: no record, no credentials.
 *
 * @example
 * const credentials = await withRecord({ time, requestId, dialect: 'event' }, async (record) => {
 *   record.note({ operation: 'AssumeRole' });
 *   return obtain();
 * }, { audit });
 */
export const withRecord = async <Result>(
  start: RecordStart,
  act: (record: OpenRecord) => Promise<Result>,
  { audit }: { readonly audit: AuditLog },
): Promise<Result> => {
  const record = openRecord(start, () => performance.now());
  const write = async (): Promise<void> => {
    try {
      await audit(record.close());
    } catch {
      throw new StsError('Internal', 'The audit record cannot be written.');
    }
  };
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
    await write();
  }
};
