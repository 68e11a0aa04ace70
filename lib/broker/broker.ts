import { withRecord } from '../audit/with-record.ts';
import type { OpenRecord } from '../core/audit.ts';
import type { Caller, Proof } from '../core/caller.ts';
import { callerBehind } from '../core/caller-behind.ts';
import type { DialectContext } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import type { HttpResponse } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { RequestContext } from '../core/platform-identity.ts';
import { explained } from '../grants/explained.ts';
import type { BrokerDeps, IncomingRequest } from './deps.ts';
import { identifyCaller } from './identify-caller.ts';
import { execute } from './operations.ts';
import { fieldsOfProof } from './record-fields.ts';
import { renderError } from './render-error.ts';

/** Answers one HTTP request. It never rejects: a failure is an answer in the caller's dialect. */
export type Broker = (incoming: IncomingRequest) => Promise<HttpResponse>;

/**
 * The HTTP journey: parse, authenticate, execute, render, with a record of it.
 *
 * @example
 * const broker = createBroker(compose(spec, config, deps));
 * const { status, headers, body } = await broker({ request, requestId, signal: AbortSignal.timeout(10_000) });
 */
export const createBroker =
  (deps: BrokerDeps): Broker =>
  async (incoming) => {
    const now = deps.now();
    const { request, requestId, sourceIp } = incoming;
    const { publicHosts, requireSignedHost } = deps;
    const context: DialectContext = { request, requestId, now, publicHosts, requireSignedHost };
    const dialect = deps.dialects.find((candidate) => candidate.recognizes(request));
    const speaker = dialect ?? deps.dialects[0];
    const proven: Caller[] = [];
    try {
      return await withRecord(
        { time: now, requestId, dialect: speaker.id, ...omitUndefined({ sourceIp }) },
        async (record) => {
          record.enter('parse');
          if (incoming.fault !== undefined) throw incoming.fault;
          if (dialect === undefined) throw new StsError('NotFound');
          const asked = dialect.parse(context);
          const prove = () => authenticate(asked.proof, incoming, context, record, deps);
          const caller = await identifyCaller(asked.request, prove, record);
          proven.push(caller);
          admit(caller, incoming, now, deps);
          const answer = await execute({ deps, incoming, dialect, asked, caller, proven, now, record });
          record.enter('render');
          return dialect.render(answer, asked.request, context);
        },
        incoming,
        deps,
      );
    } catch (thrown) {
      const error = StsError.from(thrown);
      if (error.mayPass) await Promise.all(proven.map(({ giveBackProof }) => giveBackProof?.()));
      return renderError(explained(error, deps.explain), speaker, context);
    }
  };

/** Refuses a caller that asks too often, or has too much under way. */
const admit = (caller: Caller, { slot }: IncomingRequest, now: Date, deps: BrokerDeps): void => {
  deps.admit(caller, now);
  if (slot?.belongTo(callerBehind(caller)) !== false) return;
  throw new StsError('Throttled', 'The caller has too many requests under way.', { retryAfterSeconds: 1 });
};

/** Proves the caller. The record says what was wrong with a signature that is not valid. */
const authenticate = async (
  proof: Proof,
  incoming: IncomingRequest,
  context: DialectContext,
  record: OpenRecord,
  deps: BrokerDeps,
): Promise<Caller> => {
  record.note(fieldsOfProof(proof));
  try {
    return await deps.authenticate(proof, context.now, requestContext(incoming, record));
  } catch (thrown) {
    record.note(omitUndefined({ signature: deps.diagnose?.(StsError.from(thrown), context) }));
    throw thrown;
  }
};

/** What authentication may look at besides the proof. The record says what it ignored. */
const requestContext = ({ request, sourceIp, platform }: IncomingRequest, record: OpenRecord): RequestContext => {
  const ignored: string[] = [];
  const ignore = (what: string): void => {
    ignored.push(what);
    record.note({ ignored });
  };
  return { headers: request.headers, ignore, ...omitUndefined({ sourceIp, platform }) };
};
