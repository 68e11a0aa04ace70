import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import type { Operation } from '../../core/requests.ts';

interface Route {
  readonly operation: Operation;
  readonly method: 'GET' | 'POST';
}

/** Where each operation is asked for. */
export const paths = {
  AssumeRole: '/v5/agencies/assume',
  AssumeRoleWithWebIdentity: '/v5/agencies/assume-with-oidc',
  GetCallerIdentity: '/v5/caller-identity',
} as const;

const routes: ReadonlyMap<string, Route> = new Map([
  [paths.AssumeRole, { operation: 'AssumeRole', method: 'POST' }],
  [paths.AssumeRoleWithWebIdentity, { operation: 'AssumeRoleWithWebIdentity', method: 'POST' }],
  [paths.GetCallerIdentity, { operation: 'GetCallerIdentity', method: 'GET' }],
]);

/** Operations of the service that are not spoken here. */
const elsewhere: ReadonlySet<string> = new Set(['/v5/agencies/assume-with-saml', '/v5/decode-authorization-message']);

/** The path without the prefix of a gateway before us, which the sender does not know. */
export const ownPath = (path: string): string => {
  const at = path.indexOf('/v5/');
  return at < 0 ? path : path.slice(at);
};

/** Whether the path is one of STS5. */
export const isSts5 = (path: string): boolean => {
  const own = ownPath(path);
  return routes.has(own) || elsewhere.has(own);
};

/** The operation that a path and a method ask for, or an StsError. */
export const operationAt = ({ path, method }: Pick<HttpRequest, 'path' | 'method'>): Operation => {
  const own = ownPath(path);
  const route = routes.get(own);
  if (route === undefined) throw new StsError(elsewhere.has(own) ? 'UnsupportedOperation' : 'NotFound');
  if (method !== route.method) throw new StsError('MethodNotAllowed', `The method must be ${route.method}.`);
  return route.operation;
};
