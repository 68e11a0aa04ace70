import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { queryParams } from '../parameters.ts';

const folder = '/leases/';

/** Whether a path is among those under which leases are read. */
export const isLeasePath = (path: string): boolean => path.startsWith(folder);

/** The name of the lease that a path says, or an StsError. */
const leaseNameOf = (path: string): string => {
  const name = path.slice(folder.length);
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name)) throw new StsError('NotFound');
  return name;
};

/** `GET /leases/NAME` asks for what is kept fresh under the name, in the `format` of the query. */
export const readLease = (request: HttpRequest): TokenRequest<'ReadLease'> => {
  if (request.method !== 'GET') throw new StsError('MethodNotAllowed');
  if (request.body !== '') throw new StsError('InvalidRequest', 'A GET must not have a body.');
  for (const name of queryParams(request).keys()) {
    if (name !== 'format') throw new StsError('UnknownParameter', 'The query may have a format, and no more.');
  }
  return { operation: 'ReadLease', lease: leaseNameOf(request.path) };
};
