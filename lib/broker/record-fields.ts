import type { AuditRecord } from '../core/audit.ts';
import type { Caller } from '../core/caller.ts';
import type { Account } from '../core/cloud.ts';
import type { Credentials } from '../core/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { TokenRequest } from '../core/requests.ts';
import type { AuditOnlyViolations } from '../grants/authorize.ts';

// What the audit record says of each stage, the same for every way in: HTTP, event and lease.

export const fieldsOfRequest = (request: TokenRequest): Partial<AuditRecord> =>
  omitUndefined({
    operation: request.operation,
    askedDurationSeconds: 'durationSeconds' in request ? request.durationSeconds : undefined,
    role: 'role' in request ? request.role : undefined,
    lease: 'lease' in request ? request.lease : undefined,
    audiences: 'audiences' in request ? request.audiences : undefined,
    sessionName: 'sessionName' in request ? request.sessionName : 'name' in request ? request.name : undefined,
  });

export const fieldsOfCaller = ({ name, proof, accessKeyId, auditOnlyViolations }: Caller): Partial<AuditRecord> => ({
  caller: name,
  proof,
  ...omitUndefined({ callerKeyId: accessKeyId, auditOnlyViolations }),
});

/** Of a grant in `audit` mode, in addition to what the rule of the caller itself would have refused. */
export const fieldsOfViolations = (
  caller: Caller,
  violations: AuditOnlyViolations | undefined,
): Partial<AuditRecord> =>
  violations === undefined ? {} : { auditOnlyViolations: [...(caller.auditOnlyViolations ?? []), ...violations.trace] };

export const fieldsOfAccount = ({ name, cloud }: Account): Partial<AuditRecord> => ({ account: name, cloud });

export const fieldsOfCredentials = ({
  accessKeyId,
  expiration,
  upstreamRequestId: requestId,
}: Credentials): Partial<AuditRecord> => ({
  accessKeyId,
  expiration,
  ...(requestId === undefined ? {} : { upstream: { requestId } }),
});
