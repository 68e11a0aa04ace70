import { randomUUID } from 'node:crypto';
import { decide } from '../access/grants/authorize.ts';
import { openRecord } from '../sts/audit.ts';
import type { Credentials } from '../sts/credentials.ts';
import { StsError } from '../sts/errors.ts';
import { present } from '../sts/present.ts';
import { type Lease, leaseKeeper } from './lease.ts';
import type { LeaseRooms, RunLimits } from './rooms.ts';

/** What came of asking for credentials. */
export type Refreshed = { readonly credentials: Credentials } | { readonly error: StsError };

/**
 * Obtains a lease's credentials on the way that every caller's go: decided by a grant, minted, written down. Without a
 * record there are none.
 */
export const refresh = async (
  { rules, fresh, audit, clock }: Pick<LeaseRooms, 'rules' | 'fresh' | 'audit' | 'clock'>,
  { name, request }: Lease,
  { signal }: Pick<RunLimits, 'signal'>,
): Promise<Refreshed> => {
  const now = clock.now();
  const record = openRecord({ time: now, requestId: randomUUID(), dialect: 'lease' }, () => performance.now());
  record.note(
    present({
      operation: request.operation,
      caller: leaseKeeper,
      proof: 'lease',
      lease: name,
      role: 'role' in request ? request.role : undefined,
      sessionName: 'sessionName' in request ? request.sessionName : request.name,
      askedDurationSeconds: request.durationSeconds,
    }),
  );
  let refreshed: Refreshed;
  try {
    record.enter('authorize');
    const caller = { name: leaseKeeper, proof: 'lease', claims: { sub: name } } as const;
    const { allowed, leniency } = decide(rules, { caller, request, dialect: 'lease', now });
    const { account, grant, durationSeconds } = allowed;
    const cloud = rules.accounts.get(account)?.cloud;
    record.note(present({ account, grant, durationSeconds, cloud, wouldRefuse: leniency?.trace }));
    record.enter('mint');
    const credentials = await fresh(allowed, { signal });
    const { accessKeyId, expiration, upstreamRequestId: requestId } = credentials;
    record.note({
      outcome: 'Done',
      accessKeyId,
      expiration,
      ...(requestId === undefined ? {} : { upstream: { requestId } }),
    });
    refreshed = { credentials };
  } catch (thrown) {
    const error = StsError.from(thrown);
    const { upstream, reason, trace } = error.detail;
    record.note({ outcome: error.code, ...present({ upstream, reason, trace }) });
    refreshed = { error };
  }
  try {
    await audit(record.close());
    return refreshed;
  } catch {
    return { error: new StsError('Internal', 'The audit record cannot be written.') };
  }
};
