import type { Account } from '../../core/cloud.ts';
import { type HttpRequest, requestTo } from '../../core/http.ts';
import { writeQuery } from '../../wire/query.ts';

/** A request to ECS: everything that it says stands in the query, and there is no body. */
export const call = (
  { endpoint, namespace }: Account,
  method: 'GET' | 'POST',
  path: string,
  params: Iterable<readonly [string, string]> = [],
): HttpRequest =>
  requestTo(endpoint, {
    method,
    path,
    query: writeQuery(params),
    headers: {
      // `*/*` gives XML, as the page's example has it.
      accept: '*/*',
      // Read on calls of management users, who belong to no namespace of their own.
      ...(namespace === undefined ? {} : { 'x-emc-namespace': namespace }),
    },
  });
