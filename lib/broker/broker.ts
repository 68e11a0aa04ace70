import { type AuditRecord, type OpenRecord, openRecord } from '../core/audit.ts';
import type { Asked, DialectContext } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import type { HttpResponse } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { RequestContext } from '../core/platform-identity.ts';
import { explained } from '../grants/explained.ts';
import type { BrokerDeps, IncomingRequest } from './deps.ts';
import { execute } from './operations.ts';

export type Broker = (incoming: IncomingRequest) => Promise<HttpResponse>;

/** The whole journey: parse, authenticate, authorize, mint, render; and audit, whatever happened. */
export const createBroker =
  (deps: BrokerDeps): Broker =>
  async (incoming) => {
    const began = deps.now();
    const { request, requestId } = incoming;
    const context: DialectContext = { request, requestId, now: began, publicHosts: deps.publicHosts };
    const dialect = deps.dialects.find((candidate) => candidate.recognizes(request));
    const speaker = dialect ?? deps.dialects[0];
    const record = openRecord(
      { time: began, requestId, dialect: speaker.id, ...omitUndefined({ sourceIp: incoming.sourceIp }) },
      () => performance.now(),
    );
    let response: HttpResponse | undefined;
    try {
      record.enter('parse');
      if (incoming.fault !== undefined) throw incoming.fault;
      if (dialect === undefined) throw new StsError('NotFound');
      const asked = dialect.parse(context);
      record.note(describe(asked));
      record.enter('authenticate');
      const caller = await deps.authenticate(asked.proof, began, requestContext(incoming, record));
      record.note({
        caller: caller.name,
        proof: caller.proof,
        ...omitUndefined({ callerKeyId: caller.accessKeyId, auditOnlyViolations: caller.auditOnlyViolations }),
      });
      deps.admit(caller, began);
      const answer = await execute({ deps, incoming, dialect, asked, caller, now: began, record });
      record.enter('render');
      response = dialect.render(answer, asked.request, context);
      record.note({ outcome: 'Done' });
    } catch (thrown) {
      const error = StsError.from(thrown);
      record.note({
        outcome: error.code,
        ...refusalOf(error),
        ...omitUndefined({ signature: deps.diagnose?.(error, context) }),
      });
      record.enter('render');
      response = sayingWhen(error, speaker.renderError(explained(error, deps.explain), context));
    } finally {
      try {
        await deps.audit(record.close());
      } catch {
        // No record, no credentials.
        response = speaker.renderError(new StsError('Internal', 'The audit record cannot be written.'), context);
      }
    }
    return response;
  };

/** Whatever the words, when to come back is said where every HTTP client looks for it (RFC 9110, 10.2.3). */
const sayingWhen = ({ detail }: StsError, response: HttpResponse): HttpResponse =>
  detail.retryAfterSeconds === undefined
    ? response
    : { ...response, headers: { ...response.headers, 'retry-after': String(detail.retryAfterSeconds) } };

/** What authentication may look at besides the proof; what it does not look at is written down. */
const requestContext = ({ request, sourceIp, platform }: IncomingRequest, record: OpenRecord): RequestContext => {
  const ignored: string[] = [];
  const ignore = (what: string): void => {
    ignored.push(what);
    record.note({ ignored });
  };
  return { headers: request.headers, ignore, ...omitUndefined({ sourceIp, platform }) };
};

const describe = ({ request, proof }: Asked): Partial<AuditRecord> =>
  omitUndefined({
    operation: request.operation,
    scheme: proof.kind === 'signature' ? proof.scheme : undefined,
    askedDurationSeconds: 'durationSeconds' in request ? request.durationSeconds : undefined,
    role: 'role' in request ? request.role : undefined,
    lease: 'lease' in request ? request.lease : undefined,
    sessionName: 'sessionName' in request ? request.sessionName : 'name' in request ? request.name : undefined,
  });

const refusalOf = ({ detail }: StsError): Partial<AuditRecord> =>
  omitUndefined({
    upstream: detail.upstream,
    reason: detail.reason,
    trace: detail.trace,
    proofFault: detail.proofFault,
  });
