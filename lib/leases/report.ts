import { randomUUID } from 'node:crypto';
import { openRecord } from '../core/audit.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { LeaseDeps, LeaseEvent, RunLimits } from './deps.ts';
import { type Lease, leaseCaller } from './lease.ts';
import type { LeaseState } from './state.ts';

/** Tells those who look after leases, and the audit trail; whether all of them know. Until they do, they are told again. */
export const report = async (
  { notify, audit, clock }: Pick<LeaseDeps, 'notify' | 'audit' | 'clock'>,
  lease: Lease,
  state: LeaseState,
  type: LeaseEvent['type'],
  { signal }: Pick<RunLimits, 'signal'>,
): Promise<boolean> => {
  const { failures, deliveryFailures, code, held } = state;
  const expiration = held?.credentials.expiration;
  const record = openRecord({ time: clock.now(), requestId: randomUUID(), dialect: 'lease' }, () => performance.now());
  record.note({
    operation: type === 'credmint.lease.failing' ? 'ReportFailing' : 'ReportRecovered',
    caller: leaseCaller,
    proof: 'lease',
    lease: lease.name,
    account: lease.account,
    ...omitUndefined({ expiration }),
  });
  const data = omitUndefined({
    lease: lease.name,
    account: lease.account,
    failures,
    deliveryFailures,
    code,
    expiration: expiration?.toISOString(),
  });
  let isKnown = true;
  try {
    await notify({ type, lease: lease.name, data }, signal);
    record.note({ outcome: 'Done' });
  } catch (thrown) {
    record.note({ outcome: StsError.from(thrown).code });
    isKnown = false;
  }
  await audit(record.close()).catch(() => {
    isKnown = false;
  });
  return isKnown;
};
