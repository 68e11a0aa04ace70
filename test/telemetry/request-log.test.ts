import { expect, it } from 'vitest';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { LogLevel } from '../../lib/telemetry/log.ts';
import { requestLog } from '../../lib/telemetry/request-log.ts';

it('gathers no fields for a line that its level drops', async () => {
  const lines: string[] = [];
  const log = Object.assign((level: LogLevel) => void lines.push(level), {
    enabled: (level: LogLevel) => level !== 'info',
  });
  const audit = requestLog(log)(unlimitedAuditLog(async () => undefined));
  const record: AuditRecord = { time: new Date(0), requestId: 'one', dialect: 'aws', outcome: 'Done' };
  await audit(record);
  await audit({ ...record, outcome: 'Internal' });
  expect(lines).toEqual(['error']);
});
