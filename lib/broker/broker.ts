import { withRecord } from '../audit/with-record.ts';
import type { DialectContext } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import type { HttpResponse } from '../core/http.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { explained } from '../grants/explained.ts';
import { admitCaller } from './admit-caller.ts';
import type { BrokerDeps, IncomingRequest } from './deps.ts';
import { givingBackProofs } from './giving-back-proofs.ts';
import { identifyCaller } from './identify-caller.ts';
import { execute } from './operations.ts';
import { proveCaller } from './prove-caller.ts';
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
    try {
      return await givingBackProofs((proven) =>
        withRecord(
          { time: now, requestId, dialect: speaker.id, ...omitUndefined({ sourceIp }) },
          async (record) => {
            record.enter('parse');
            if (incoming.fault !== undefined) throw incoming.fault;
            if (dialect === undefined) throw new StsError('NotFound');
            const asked = dialect.parse(context);
            const prove = () => proveCaller(asked.proof, incoming, context, record, deps);
            const caller = await identifyCaller(asked.request, prove, record);
            proven.push(caller);
            admitCaller(caller, incoming, now, deps);
            const answer = await execute({ deps, incoming, dialect, asked, caller, proven, now, record });
            record.enter('render');
            return dialect.render(answer, asked.request, context);
          },
          incoming,
          deps,
        ),
      );
    } catch (thrown) {
      return renderError(explained(StsError.from(thrown), deps.explain), speaker, context);
    }
  };
