import { expect, it } from 'vitest';
import { identifyCaller } from '../../lib/broker/identify-caller.ts';
import { openRecord } from '../../lib/core/audit.ts';
import type { Caller } from '../../lib/core/caller.ts';

const ci: Caller = { name: 'ci', proof: 'event' };
const start = { time: new Date(0), requestId: 'request-1', dialect: 'event' };

it('a caller is identified of a request of which its sender alone can be read', async () => {
  const record = openRecord(start, () => 0);
  expect(await identifyCaller(undefined, () => ci, record)).toBe(ci);
  expect(record.close()).toStrictEqual({
    ...start,
    outcome: 'Internal',
    caller: 'ci',
    proof: 'event',
    milliseconds: 0,
    stages: { authenticate: 0 },
  });
});
