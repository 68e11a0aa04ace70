import type { Answer, Dialect, DialectContext } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { formats } from '../json/formats.ts';
import { oauthErrorOf } from './errors.ts';
import { credentialsType, jwtType, readExchange } from './request.ts';

const path = '/token';

/** The token exchange of OAuth, `POST /token` (RFC 8693). */
export const oauth: Dialect = {
  id: 'oauth',
  recognizes: (request) => request.path === path,
  parse: readExchange,
  render: (answer, _request, context) => render(answer, context),
  renderError: (error) => {
    const { error: name, status } = oauthErrorOf(error);
    const headers = {
      'content-type': 'application/json',
      pragma: 'no-cache',
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(status === 405 ? { allow: 'POST' } : {}),
    };
    return { status, headers, body: JSON.stringify({ error: name, error_description: described(error.message) }) };
  },
};

/** The characters that `error_description` may have (RFC 6749, 5.2). */
const described = (text: string): string => text.replaceAll('"', "'").replaceAll(/[^\x20-\x5b\x5d-\x7e]/g, '?');

const render = (answer: Answer, { requestId, now }: DialectContext): HttpResponse => {
  const body = JSON.stringify({ ...membersOf(answer, requestId, now) });
  return { status: 200, headers: { 'content-type': 'application/json', pragma: 'no-cache' }, body };
};

const secondsUntil = (expiration: Date, now: Date): number =>
  Math.max(0, Math.floor((expiration.getTime() - now.getTime()) / 1000));

const membersOf = (answer: Answer, requestId: string, now: Date): object => {
  if (answer.kind === 'token') {
    return {
      access_token: answer.token.reveal(),
      issued_token_type: jwtType,
      token_type: 'Bearer',
      expires_in: secondsUntil(answer.expiration, now),
    };
  }
  if (answer.kind === 'credentials') {
    return {
      access_token: formats['aws-process']({ ...answer, requestId, now }).text,
      issued_token_type: credentialsType,
      // What is not an access token of OAuth says so (RFC 8693, 2.2.1).
      token_type: 'N_A',
      expires_in: secondsUntil(answer.credentials.expiration, now),
    };
  }
  throw new StsError('Internal');
};
