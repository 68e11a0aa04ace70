import { expect, it } from 'vitest';
import { consoleFeed } from '../../lib/console/feed.ts';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';

it('keeps no longer text than the audit log writes', async () => {
  const feed = consoleFeed(() => new Date(0));
  const heard: AuditRecord[] = [];
  feed.listen((record) => heard.push(record));
  const audit = feed.watched(unlimitedAuditLog(async () => undefined));
  await audit({
    time: new Date(0),
    requestId: 'one',
    dialect: 'aws',
    outcome: 'UnknownKey',
    callerKeyId: 'A'.repeat(8_000),
    ignored: Array.from({ length: 100 }, () => 'x'.repeat(8_000)),
  });
  expect(JSON.stringify(heard).length).toBeLessThan(5_000);
  expect(heard[0]?.callerKeyId).toBe(`${'A'.repeat(1_024)}…`);
});
