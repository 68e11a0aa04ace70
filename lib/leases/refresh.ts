import { randomUUID } from 'node:crypto';
import { withRecord } from '../audit/with-record.ts';
import { identifyCaller } from '../broker/identify-caller.ts';
import { issue } from '../broker/issue.ts';
import type { Credentials } from '../core/credentials.ts';
import type { LeaseDeps, RunLimits } from './deps.ts';
import { type Lease, leaseCallerOf } from './lease.ts';

/** Obtains new credentials for a lease, by the same pipeline as for any caller. Rejects with an StsError. */
export const refresh = async (
  { rules, fresh, audit, clock }: Pick<LeaseDeps, 'rules' | 'fresh' | 'audit' | 'clock'>,
  lease: Lease,
  { signal }: Pick<RunLimits, 'signal'>,
): Promise<Credentials> => {
  const now = clock.now();
  return withRecord(
    { time: now, requestId: randomUUID(), dialect: 'lease' },
    async (record) => {
      const { name, request } = lease;
      const caller = await identifyCaller(request, () => leaseCallerOf(lease), record);
      record.note({ lease: name });
      const question = { caller, request, dialect: 'lease', now };
      const { credentials } = await issue(question, { signal }, { rules, source: fresh, record });
      return credentials;
    },
    { signal },
    { audit },
  );
};
