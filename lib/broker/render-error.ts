import type { Dialect, DialectContext } from '../core/cloud.ts';
import type { StsError } from '../core/errors.ts';
import type { HttpResponse } from '../core/http.ts';

/** An error in a dialect. Every HTTP client looks for the time to come back in `retry-after` (RFC 9110, 10.2.3). */
export const renderError = (error: StsError, dialect: Dialect, context: DialectContext): HttpResponse => {
  const response = dialect.renderError(error, context);
  const { retryAfterSeconds } = error.detail;
  return retryAfterSeconds === undefined
    ? response
    : { ...response, headers: { ...response.headers, 'retry-after': String(retryAfterSeconds) } };
};
