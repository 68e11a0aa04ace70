import { randomUUID } from 'node:crypto';
import { withRecord } from '../audit/with-record.ts';
import { identifyCaller } from '../broker/identify-caller.ts';
import { type IssuedFor, issue } from '../broker/issue.ts';
import type { LeaseDeps, RunLimits } from './deps.ts';
import { type Lease, leaseCallerOf } from './lease.ts';

/** Obtains new credentials for a lease, and for how long they were asked, by the same pipeline as for any caller. Rejects with an StsError. */
export const refresh = async (
  { rules, fresh, audit, clock }: Pick<LeaseDeps, 'rules' | 'fresh' | 'audit' | 'clock'>,
  lease: Lease,
  { signal }: Pick<RunLimits, 'signal'>,
): Promise<IssuedFor> => {
  const now = clock.now();
  return withRecord(
    { time: now, requestId: randomUUID(), dialect: 'lease' },
    async (record) => {
      const { name, request } = lease;
      const caller = await identifyCaller(request, () => leaseCallerOf(lease), record);
      record.note({ lease: name });
      const question = { caller, request, dialect: 'lease', now };
      return issue(question, { signal }, { rules, source: fresh, record });
    },
    { signal },
    { audit },
  );
};
