import type { Answer, Dialect, DialectContext } from '../../core/cloud.ts';
import { StsError, stsErrors } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { isJsonPath, readBody } from './body.ts';
import { formatOf, formatted, isForContainer } from './choose-format.ts';
import { isLeasePath, readLeaseRequest, writeLeases } from './lease.ts';
import { proofOf } from './proof.ts';

/** credmint's own JSON API: `POST /assumeRole`, `POST /getFederationToken`, `POST /getCallerIdentity`, `GET /leases`, `GET /leases/NAME`. */
export const json: Dialect = {
  id: 'json',
  recognizes: ({ path }) => isJsonPath(path) || isLeasePath(path),
  parse: (context) => {
    const { path } = context.request;
    if (!isJsonPath(path) && !isLeasePath(path)) throw new StsError('NotFound');
    // Before anything is minted for an answer that could not be written.
    formatOf(context);
    const request = isJsonPath(path) ? readBody(path, context.request) : readLeaseRequest(context.request);
    return {
      request,
      proof: proofOf(context, isForContainer(context), request.operation === 'ReadLease' ? request.lease : undefined),
    };
  },
  render: (answer, _request, context) => render(answer, context),
  renderError: (error, context) => renderError(error, context),
};

const render = (answer: Answer, context: DialectContext): HttpResponse => {
  if (answer.kind === 'credentials') return formatted(answer, context);
  if (answer.kind === 'leases') return writeLeases(answer, context);
  if (answer.kind !== 'identity') throw new StsError('Internal');
  const body = JSON.stringify({ requestId: context.requestId, identity: answer.identity });
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
};

/** RFC 9457; for the container credentials provider, the `{Code, Message}` that it reads. */
const renderError = (error: StsError, context: DialectContext): HttpResponse => {
  const { status, title, retryable } = stsErrors[error.code];
  const { parameter, upstream, retryAfterSeconds, reason, trace } = error.detail;
  const headers = {
    'content-type': 'application/problem+json',
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    ...(status === 405 ? { allow: isLeasePath(context.request.path) ? 'GET' : 'GET, POST' } : {}),
  };
  if (isForContainer(context)) {
    return {
      status,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ Code: error.code, Message: error.message }),
    };
  }
  const problem = {
    type: `urn:credmint:error:${error.code}`,
    title,
    status,
    detail: error.message,
    code: error.code,
    requestId: context.requestId,
    parameter,
    retryable,
    upstream,
    reason,
    trace,
  };
  return { status, headers, body: JSON.stringify(problem) };
};
