import { randomUUID } from 'node:crypto';
import { openRecord } from '../core/audit.ts';
import type { Credentials } from '../core/credentials.ts';
import { StsError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { decide } from '../grants/authorize.ts';
import type { LeaseDeps, RunLimits } from './deps.ts';
import { type Lease, leaseCaller } from './lease.ts';

/** What came of asking for credentials. */
export type Refreshed = { readonly credentials: Credentials } | { readonly error: StsError };

/**
 * Obtains a lease's credentials on the way that every caller's go: decided by a grant, minted, written down. Without a
 * record there are none.
 */
export const refresh = async (
  { rules, fresh, audit, clock }: Pick<LeaseDeps, 'rules' | 'fresh' | 'audit' | 'clock'>,
  { name, request }: Lease,
  { signal }: Pick<RunLimits, 'signal'>,
): Promise<Refreshed> => {
  const now = clock.now();
  const record = openRecord({ time: now, requestId: randomUUID(), dialect: 'lease' }, () => performance.now());
  record.note(
    omitUndefined({
      operation: request.operation,
      caller: leaseCaller,
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
    const caller = { name: leaseCaller, proof: 'lease', claims: { sub: name } } as const;
    const { allowed, auditOnlyViolations: leniency } = decide(rules, { caller, request, dialect: 'lease', now });
    const { account, grant, durationSeconds } = allowed;
    const cloud = rules.accounts.get(account)?.cloud;
    record.note(omitUndefined({ account, grant, durationSeconds, cloud, auditOnlyViolations: leniency?.trace }));
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
    record.note({ outcome: error.code, ...omitUndefined({ upstream, reason, trace }) });
    refreshed = { error };
  }
  try {
    await audit(record.close());
    return refreshed;
  } catch {
    return { error: new StsError('Internal', 'The audit record cannot be written.') };
  }
};
