import type { AccessKey } from '../core/credentials.ts';
import type { HttpRequest } from '../core/http.ts';
import { escapeText } from '../wire/query.ts';
import {
  algorithm,
  canonicalRequest,
  emptyHash,
  type Scope,
  scopeText,
  signature,
  signingKey,
  stringToSign,
  timeText,
} from './sigv4.ts';

/** Puts the signature into the query instead of the headers, valid for `expiresSeconds` (at most 604,800). */
export const presign = (
  request: HttpRequest,
  key: AccessKey,
  how: { readonly now: Date; readonly region: string; readonly service: string; readonly expiresSeconds: number },
): HttpRequest => {
  const time = timeText(how.now);
  const scope: Scope = { date: time.slice(0, 8), region: how.region, service: how.service };
  const names = ['host', ...Object.keys(request.headers).filter((name) => name.startsWith('x-'))].sort();
  const added = [
    ['X-Amz-Algorithm', algorithm],
    ['X-Amz-Credential', `${key.id}/${scopeText(scope)}`],
    ['X-Amz-Date', time],
    ['X-Amz-Expires', String(how.expiresSeconds)],
    ['X-Amz-SignedHeaders', names.join(';')],
    ...(key.token === undefined ? [] : [['X-Amz-Security-Token', key.token.reveal()]]),
  ] as const;
  const query = [request.query, ...added.map(([name, value]) => `${name}=${escapeText(value ?? '')}`)]
    .filter((piece) => piece !== '')
    .join('&');
  const canonical = canonicalRequest({ ...request, query }, names, emptyHash);
  const proof = signature(signingKey(key.secret, scope), stringToSign(time, scope, canonical));
  return { ...request, query: `${query}&X-Amz-Signature=${proof}` };
};
