import { randomUUID } from 'node:crypto';
import { withRecord } from '../audit/with-record.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { LeaseDeps, LeaseEvent, RunLimits } from './deps.ts';
import { type Lease, leaseCaller } from './lease.ts';
import type { LeaseState } from './state.ts';

/**
 * Tells those who look after leases that one is failing, or has recovered. Resolves to whether all of them were told
 * and the record is written; until then they are told again.
 */
export const report = async (
  { notify, audit, clock }: Pick<LeaseDeps, 'notify' | 'audit' | 'clock'>,
  { name: lease, account }: Lease,
  { failures, deliveryFailures, code, held }: LeaseState,
  type: LeaseEvent['type'],
  { signal }: Pick<RunLimits, 'signal'>,
): Promise<boolean> => {
  const expiration = held?.credentials.expiration;
  const start = {
    time: clock.now(),
    requestId: randomUUID(),
    dialect: 'lease',
    operation: type === 'credmint.lease.failing' ? 'ReportFailing' : 'ReportRecovered',
    caller: leaseCaller,
    proof: 'lease',
    lease,
    account,
    ...omitUndefined({ expiration }),
  };
  const data = omitUndefined<Readonly<Record<string, unknown>>>({
    lease,
    account,
    failures,
    deliveryFailures,
    code,
    expiration: expiration?.toISOString(),
  });
  try {
    await withRecord(start, () => notify({ type, lease, data }, signal), { signal }, { audit });
    return true;
  } catch {
    return false;
  }
};
