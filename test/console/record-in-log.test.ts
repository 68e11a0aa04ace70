import { expect, it } from 'vitest';
import type { AuditSettings } from '../../lib/audit/settings.ts';
import { logReader } from '../../lib/console/record-in-log.ts';

it('reads the log for one page at a time', async () => {
  const read = logReader();
  const settings = { sink: { kind: 'file', path: '/nowhere' } } as AuditSettings;
  const look = () => read('an-id', settings, 1, new AbortController().signal);
  const [first, second] = await Promise.all([look(), look()]);
  expect(second).toEqual({ kind: 'unknown', why: 'The log is being read for another page; ask again.' });
  expect(first).toMatchObject({ why: expect.stringContaining('not chained') });
  expect(await look()).toEqual(first);
});
