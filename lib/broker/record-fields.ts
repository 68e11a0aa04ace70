import type { AuditRecord } from '../core/audit.ts';
import type { Caller, Proof } from '../core/caller.ts';
import type { Account } from '../core/cloud.ts';
import type { Credentials } from '../core/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { MintRequest, TokenRequest } from '../core/requests.ts';
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

export const fieldsOfCaller = (caller: Caller): Partial<AuditRecord> => {
  const { name, proof, accessKeyId: callerKeyId, auditOnlyViolations, subject, session } = caller;
  return {
    caller: name,
    proof,
    ...omitUndefined({
      callerKeyId,
      auditOnlyViolations,
      issuer: subject?.issuer,
      subject: subject?.name ?? session?.caller,
    }),
  };
};

/** Of a caller that acts for another, and what would have refused it if its own rule were not in `audit` mode. */
export const fieldsOfActor = (caller: Caller, actor: Caller): Partial<AuditRecord> => {
  const violations = [...(caller.auditOnlyViolations ?? []), ...(actor.auditOnlyViolations ?? [])];
  return {
    actor: actor.name,
    ...omitUndefined({ actorIssuer: actor.subject?.issuer, actorSubject: actor.subject?.name }),
    ...(violations.length === 0 ? {} : { auditOnlyViolations: violations }),
  };
};

/** Of a proof before it is looked at, so that one which fails says whose it was. */
export const fieldsOfProof = (proof: Proof): Partial<AuditRecord> => ({
  ...(proof.kind === 'signature' ? { scheme: proof.scheme } : {}),
  ...('accessKeyId' in proof ? { callerKeyId: proof.accessKeyId } : {}),
});

/** Of what the grants allow. */
export const fieldsOfAllowed = (allowed: MintRequest): Partial<AuditRecord> => {
  const { grant, durationSeconds, claimsUsed: claims } = allowed;
  const name = 'sessionName' in allowed ? allowed.sessionName : 'name' in allowed ? allowed.name : undefined;
  return { grant, durationSeconds, ...omitUndefined({ claims, givenSessionName: name }) };
};

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
