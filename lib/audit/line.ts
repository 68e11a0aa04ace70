import type { AuditRecord } from '../core/audit.ts';
import { canonicalJson } from './canonical.ts';
import { eventNames } from './names.ts';

/** Milliseconds, to the microsecond. */
const rounded = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : Math.round(milliseconds * 1000) / 1000;

/**
 * A record in the names under which it is written: dotted and lower-case, OpenTelemetry's if it has one. docs/audit.md
 * says what each one means.
 */
const fieldsOf = (record: AuditRecord) => ({
  'client.address': record.sourceIp,
  'credmint.access_key.id': record.accessKeyId,
  'credmint.account': record.account,
  'credmint.actor': record.actor,
  'credmint.actor.issuer': record.actorIssuer,
  'credmint.actor.subject': record.actorSubject,
  'credmint.audiences': record.audiences,
  'credmint.caller.claims': record.claims,
  'credmint.caller.fault': record.proofFault,
  'credmint.caller.ignored': record.ignored,
  'credmint.caller.issuer': record.issuer,
  'credmint.caller.key.id': record.callerKeyId,
  'credmint.caller.proof': record.proof,
  'credmint.caller.scheme': record.scheme,
  'credmint.caller.signature': record.signature,
  'credmint.caller.subject': record.subject,
  'credmint.cause': record.cause,
  'credmint.cloud': record.cloud,
  'credmint.delivery': record.delivery,
  'credmint.denial.reason': record.reason,
  'credmint.denial.trace': record.trace?.map((clause) => ({ ...clause })),
  'credmint.dialect': record.dialect,
  'credmint.duration.asked': record.askedDurationSeconds,
  'credmint.duration.given': record.durationSeconds,
  'credmint.event': record.event,
  'credmint.expiration': record.expiration?.toISOString(),
  'credmint.fault.site': record.faultSite,
  'credmint.grant': record.grant,
  'credmint.latency.authenticate': rounded(record.stages?.authenticate),
  'credmint.latency.authorize': rounded(record.stages?.authorize),
  'credmint.latency.mint': rounded(record.stages?.mint),
  'credmint.latency.parse': rounded(record.stages?.parse),
  'credmint.latency.render': rounded(record.stages?.render),
  'credmint.latency.total': rounded(record.milliseconds),
  'credmint.lease': record.lease,
  'credmint.operation': record.operation,
  'credmint.origin': record.origin,
  'credmint.outcome': record.outcome,
  'credmint.role': record.role,
  'credmint.session': record.sessionName,
  'credmint.session.given': record.givenSessionName,
  'credmint.token.id': record.tokenId,
  'credmint.token.subject': record.tokenSubject,
  'credmint.upstream.code': record.upstream?.code,
  'credmint.upstream.request.id': record.upstream?.requestId,
  'credmint.upstream.status': record.upstream?.status,
  'credmint.would_refuse': record.auditOnlyViolations?.map((clause) => ({ ...clause })),
  'enduser.id': record.caller,
  'event.name': eventNames.decision,
  'http.request.id': record.requestId,
  timestamp: record.time.toISOString(),
  trace_id: record.traceId,
});

/** A record as canonical JSON on one line. */
export const lineOf = (record: AuditRecord): string => canonicalJson(fieldsOf(record));
