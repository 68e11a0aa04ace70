import { describe, expect, it } from 'vitest';
import { withRecord } from '../../lib/audit/with-record.ts';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import { StsError } from '../../lib/core/errors.ts';

const start = { time: new Date('2026-11-22T12:00:00Z'), requestId: 'request-1', dialect: 'json' };

const forever = { signal: new AbortController().signal };

const trail = () => {
  const records: AuditRecord[] = [];
  const audit = unlimitedAuditLog(async (record) => {
    records.push(record);
  });
  return { records, audit };
};

describe('an act with a record', () => {
  it('has its result, once the record is written', async () => {
    const { records, audit } = trail();
    const result = await withRecord(
      start,
      async (record) => {
        record.enter('mint');
        record.note({ accessKeyId: 'ASIAMINTED' });
        expect(records).toEqual([]);
        return 'credentials';
      },
      forever,
      { audit },
    );
    expect(result).toBe('credentials');
    expect(records).toMatchObject([
      { ...start, outcome: 'Done', accessKeyId: 'ASIAMINTED', stages: { mint: expect.any(Number) } },
    ]);
  });

  it('that is refused rejects with the refusal, and records why', async () => {
    const { records, audit } = trail();
    const detail = {
      upstream: { status: 403, code: 'AccessDenied', requestId: 'cloud-1' },
      reason: 'NoGrant',
      trace: [],
      proofFault: 'KeyUnknown',
    } as const;
    const error = new StsError('AccessDenied', undefined, { ...detail, parameter: 'role' });
    await expect(withRecord(start, () => Promise.reject(error), forever, { audit })).rejects.toBe(error);
    expect(records).toMatchObject([{ ...start, ...detail, outcome: 'AccessDenied' }]);
  });

  it('has bounded what a caller may write into the record, for every reader of it', async () => {
    const { records, audit } = trail();
    await withRecord(
      start,
      async (record) => {
        record.note({
          sessionName: 'x'.repeat(60_000),
          ignored: Array.from({ length: 100 }, () => 'y\n'.repeat(8_000)),
        });
      },
      forever,
      { audit },
    );
    expect(records).toMatchObject([{ sessionName: `${'x'.repeat(1024)}…` }]);
    expect(records[0]?.ignored).toHaveLength(16);
    expect(records[0]?.ignored?.[0]).toBe(`${'y\ufffd'.repeat(80)}…`);
  });

  it('that fails in any other way is recorded as Internal, without the text of the failure', async () => {
    const { records, audit } = trail();
    const act = () => Promise.reject(new TypeError('the-secret is not a function'));
    await expect(withRecord(start, act, forever, { audit })).rejects.toMatchObject({ code: 'Internal' });
    expect(records).toMatchObject([{ outcome: 'Internal' }]);
    expect(JSON.stringify(records)).not.toContain('the-secret');
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('The disk is full.'))],
    [
      'throws',
      () => {
        throw new Error('The trail is closed.');
      },
    ],
  ])('has no result if the audit trail %s', async (_, write) => {
    const audit = unlimitedAuditLog(write);
    await expect(withRecord(start, async () => 'credentials', forever, { audit })).rejects.toMatchObject({
      code: 'Internal',
      message: 'The audit record cannot be written.',
    });
  });

  it('does not begin if there is no room for its record', async () => {
    const full = new StsError('Unavailable', undefined, { retryAfterSeconds: 1 });
    const audit = Object.assign(async () => undefined, { reserve: () => Promise.reject(full) });
    let acted = false;
    const act = async (): Promise<void> => {
      acted = true;
    };
    await expect(withRecord(start, act, forever, { audit })).rejects.toBe(full);
    expect(acted).toBe(false);
  });

  it('writes its record into the room that was reserved for it, once', async () => {
    const { records, audit } = trail();
    const unreserved: AuditRecord[] = [];
    const withRoom = Object.assign(
      async (record: AuditRecord) => {
        unreserved.push(record);
      },
      { reserve: async () => audit },
    );
    await withRecord(start, async () => 'credentials', forever, { audit: withRoom });
    expect(records).toMatchObject([{ outcome: 'Done' }]);
    expect(unreserved).toEqual([]);
  });
});
