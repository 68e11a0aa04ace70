import { randomUUID } from 'node:crypto';
import { type Broker, createBroker } from '../broker/broker.ts';
import type { BrokerDeps } from '../broker/deps.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { type Answerer, commonHeaders } from '../platform/answer.ts';
import { readRequest } from '../platform/raw-request.ts';
import { inTrace, passOnTraces, type Tracing } from '../telemetry/trace.ts';
import type { FunctionSpec } from './function-spec.ts';

/**
 * Answers requests by the broker of a function, and those for its issuer's public documents.
 *
 * @example
 * const answer = answererOf(spec, compose(spec, config, deps));
 */
export const answererOf = (
  { documents }: Pick<FunctionSpec, 'documents'>,
  deps: BrokerDeps,
  tracing?: Tracing,
): Answerer => {
  const answer = traced(answerer(createBroker(deps), deps.now), tracing);
  return deps.issuer === undefined || documents === undefined ? answer : documents(deps.issuer, deps.now, answer);
};

/** Answers each request in the trace that it names, or in one of its own. */
const traced =
  (answer: Answerer, tracing = passOnTraces): Answerer =>
  (raw, deadlineMs) =>
    inTrace(
      tracing.request(raw.headers),
      () => answer(raw, deadlineMs),
      ({ status }) => status,
    );

/**
 * Answers requests, as platforms hand them over, by the broker. Each gets a request id and a deadline of its own.
 *
 * @example
 * const answer = answerer(createBroker(compose(spec, config, deps)), deps.now);
 * const { status, body } = await answer({ method: 'GET', path: '/', query: '', headers: {}, body: new Uint8Array() }, 5_000);
 */
export const answerer =
  (broker: Broker, now: () => Date): Answerer =>
  async (raw, deadlineMs) => {
    const requestId = randomUUID();
    const { request, fault } = readRequest(raw);
    const until = performance.now() + deadlineMs;
    let signal: AbortSignal | undefined;
    const response = await broker({
      request,
      requestId,
      // Most requests are answered from what is cached and need no timer.
      get signal() {
        signal ??= AbortSignal.timeout(Math.max(1, Math.round(until - performance.now())));
        return signal;
      },
      ...omitUndefined({ sourceIp: raw.sourceIp, platform: raw.platform, slot: raw.slot, fault }),
    });
    return { ...response, headers: { ...response.headers, ...commonHeaders(requestId, now()) } };
  };
