import type { HttpRequest, UnsignedRequest } from '../core/http.ts';
import type { Params } from '../wire/query.ts';

// What the schemes that sign parameters have in common: these are in the query of a GET and in the form of a POST.

const isInQuery = ({ method }: Pick<HttpRequest, 'method'>): boolean => method === 'GET';

/** The parameters of a request that we wrote, so the bounds by which a stranger's text is read do not apply. */
export const writtenParams = (request: UnsignedRequest): Params =>
  (isInQuery(request) ? undefined : request.form) ??
  new Map(new URLSearchParams(isInQuery(request) ? request.query : request.body));

/** The request with the text of its proof behind its other parameters. */
export const withProof = (request: UnsignedRequest, proof: string): HttpRequest => {
  const { method, scheme, host, path, query, headers, body } = request;
  const behind = (text: string): string => (text === '' ? proof : `${text}&${proof}`);
  return isInQuery(request)
    ? { method, scheme, host, path, query: behind(query), headers, body }
    : { method, scheme, host, path, query, headers, body: behind(body) };
};
