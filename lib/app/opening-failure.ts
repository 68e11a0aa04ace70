import { randomUUID } from 'node:crypto';
import { renderError } from '../broker/render-error.ts';
import { ConfigError } from '../config/config-error.ts';
import type { Dialect } from '../core/cloud.ts';
import { StsError } from '../core/errors.ts';
import { type Answerer, commonHeaders } from '../platform/answer.ts';
import { readRequest } from '../platform/raw-request.ts';
import type { Log } from '../telemetry/log.ts';

/** When a failure to open may have passed. */
const retryAfterSeconds = 5;

/** What callers are told of a failure to open: that it may pass, or that we are set up wrongly. Never why. */
const errorOf = (thrown: unknown): StsError => {
  const mayPass = thrown instanceof StsError && thrown.traits.retryable;
  return mayPass ? new StsError('Unavailable', undefined, { retryAfterSeconds }) : new StsError('Misconfigured');
};

/** Why, for the operator. The texts of both kinds of error name what is wrong and hold no secret; other texts may. */
const reasonOf = (thrown: unknown): string =>
  thrown instanceof StsError || thrown instanceof ConfigError
    ? `${thrown.name}: ${thrown.message}`
    : thrown instanceof Error
      ? thrown.name
      : 'unknown';

/** The deps of answering when a function could not be opened. */
export interface OpeningFailureDeps {
  readonly dialects: readonly [Dialect, ...Dialect[]];
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * Answers a request that came to a function which cannot be opened, in the dialect that recognizes it: a failure of ours
 * would otherwise be an exception, for which a gateway has an answer that no SDK understands.
 *
 * @example
 * const answer = openingFailure(thrown, { dialects: [json], now, log });
 */
export const openingFailure =
  (thrown: unknown, { dialects, now, log }: OpeningFailureDeps): Answerer =>
  async (raw) => {
    const requestId = randomUUID();
    log('error', 'the function cannot be opened, so the request was refused', {
      request: requestId,
      why: reasonOf(thrown),
    });
    const { request } = readRequest(raw);
    const dialect = dialects.find((candidate) => candidate.recognizes(request)) ?? dialects[0];
    const context = { request, requestId, now: now(), publicHosts: [] };
    const response = renderError(errorOf(thrown), dialect, context);
    return { ...response, headers: { ...response.headers, ...commonHeaders(requestId, context.now) } };
  };
