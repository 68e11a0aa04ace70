import type { Answer, DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest, HttpResponse } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { queryParams } from '../parameters.ts';

const list = '/leases';
const folder = `${list}/`;

/** Whether a path is that of the list of leases, or among those under which they are read. */
export const isLeasePath = (path: string): boolean => path === list || path.startsWith(folder);

/** The name of a lease, or an StsError with the code that is handed in. */
const leaseName = (name: string, code: 'NotFound' | 'InvalidParameter'): string => {
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name)) return name;
  throw new StsError(code, code === 'NotFound' ? undefined : 'after must be the name of a lease.');
};

/**
 * `GET /leases/NAME` asks for what is kept fresh under the name, in the `format` of the query; `GET /leases` how all of
 * it is doing, from the name `after` on.
 */
export const readLeaseRequest = (request: HttpRequest): TokenRequest<'ReadLease' | 'ListLeases'> => {
  if (request.method !== 'GET') throw new StsError('MethodNotAllowed');
  if (request.body !== '') throw new StsError('InvalidRequest', 'A GET must not have a body.');
  const known = request.path === list ? 'after' : 'format';
  const params = queryParams(request);
  for (const name of params.keys()) {
    if (name !== known) throw new StsError('UnknownParameter', `The query may have ${known}, and no more.`);
  }
  if (request.path !== list) {
    return { operation: 'ReadLease', lease: leaseName(request.path.slice(folder.length), 'NotFound') };
  }
  const after = params.get('after');
  return omitUndefined({
    operation: 'ListLeases' as const,
    after: after === undefined ? undefined : leaseName(after, 'InvalidParameter'),
  });
};

/** How leases are doing, as JSON. */
export const writeLeases = (
  { leases, next }: Extract<Answer, { kind: 'leases' }>,
  { requestId }: DialectContext,
): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ requestId, leases, next }),
});
