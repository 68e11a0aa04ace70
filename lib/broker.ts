import { explained } from './access/explain.ts';
import { answerTo } from './journey/errand.ts';
import type { Rooms, Visit } from './journey/rooms.ts';
import { type AuditRecord, type OpenRecord, openRecord } from './sts/audit.ts';
import type { Asked, Occasion } from './sts/cloud.ts';
import { StsError } from './sts/errors.ts';
import type { HttpResponse } from './sts/http.ts';
import { present } from './sts/present.ts';
import type { Circumstances } from './sts/vouched.ts';

export type Broker = (visit: Visit) => Promise<HttpResponse>;

/** The whole journey: parse, authenticate, authorize, mint, render; and audit, whatever happened. */
export const createBroker =
  (rooms: Rooms): Broker =>
  async (visit) => {
    const began = rooms.now();
    const { request, requestId } = visit;
    const occasion: Occasion = { request, requestId, now: began, publicHosts: rooms.publicHosts };
    const dialect = rooms.dialects.find((candidate) => candidate.recognizes(request));
    const speaker = dialect ?? rooms.dialects[0];
    const record = openRecord(
      { time: began, requestId, dialect: speaker.id, ...present({ sourceIp: visit.sourceIp }) },
      () => performance.now(),
    );
    let response: HttpResponse | undefined;
    try {
      record.enter('parse');
      if (visit.fault !== undefined) throw visit.fault;
      if (dialect === undefined) throw new StsError('NotFound');
      const asked = dialect.parse(occasion);
      record.note(describe(asked));
      record.enter('authenticate');
      const caller = await rooms.authenticate(asked.proof, began, circumstances(visit, record));
      record.note({
        caller: caller.name,
        proof: caller.proof,
        ...present({ callerKeyId: caller.accessKeyId, wouldRefuse: caller.leniency }),
      });
      rooms.admit(caller, began);
      const answer = await answerTo({ rooms, visit, dialect, asked, caller, now: began, record });
      record.enter('render');
      response = dialect.render(answer, asked.request, occasion);
      record.note({ outcome: 'Done' });
    } catch (thrown) {
      const error = StsError.from(thrown);
      record.note({
        outcome: error.code,
        ...refusalOf(error),
        ...present({ signature: rooms.diagnose?.(error, occasion) }),
      });
      record.enter('render');
      response = sayingWhen(error, speaker.renderError(explained(error, rooms.explain), occasion));
    } finally {
      try {
        await rooms.audit(record.close());
      } catch {
        // No record, no credentials.
        response = speaker.renderError(new StsError('Internal', 'The audit record cannot be written.'), occasion);
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
const circumstances = ({ request, sourceIp, vouched }: Visit, record: OpenRecord): Circumstances => {
  const ignored: string[] = [];
  const ignore = (what: string): void => {
    ignored.push(what);
    record.note({ ignored });
  };
  return { headers: request.headers, ignore, ...present({ sourceIp, vouched }) };
};

const describe = ({ request, proof }: Asked): Partial<AuditRecord> =>
  present({
    operation: request.operation,
    scheme: proof.kind === 'signature' ? proof.scheme : undefined,
    askedDurationSeconds: 'durationSeconds' in request ? request.durationSeconds : undefined,
    role: 'role' in request ? request.role : undefined,
    lease: 'lease' in request ? request.lease : undefined,
    sessionName: 'sessionName' in request ? request.sessionName : 'name' in request ? request.name : undefined,
  });

const refusalOf = ({ detail }: StsError): Partial<AuditRecord> =>
  present({ upstream: detail.upstream, reason: detail.reason, trace: detail.trace, proofFault: detail.proofFault });
