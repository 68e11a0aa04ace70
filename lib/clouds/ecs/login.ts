import type { LoginExchange } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import { applyToken, readToken, tokenHeader, writeBasic } from '../../signers/sds-token.ts';
import { call } from './call.ts';
import { documentOf, refusal } from './normalize.ts';
import { beside } from './paths.ts';

/** The login that gives the X-SDS-AUTH-TOKEN, which is valid for 8 hours, or until it was unused for 2. */
export const login: LoginExchange = {
  wanted: ({ signature }) => signature !== 'SigV4',
  encode: (account) => {
    const { key } = account;
    const authorization = key === undefined ? undefined : writeBasic({ name: key.id, password: key.secret });
    if (authorization === undefined) {
      throw new StsError('Misconfigured', `The account ${account.name} has no name and password to log in with.`);
    }
    return {
      ...call(account, 'GET', beside(account.endpoint.pathname, 'login')),
      headers: { accept: '*/*', authorization },
    };
  },
  normalize: (response) => {
    const root = documentOf(response);
    if (response.status !== 200) throw refusal(response, root);
    const token = readToken(response.headers[tokenHeader]);
    if (token === undefined) {
      throw new StsError('CloudUnintelligible', 'The cloud answered a login without a token.', {
        upstream: { status: response.status },
      });
    }
    return token;
  },
  apply: applyToken,
  // A client that follows no redirects is sent to the login page instead of being told 401.
  stale: ({ status, headers }) => status === 401 || (status === 302 && /login/i.test(headers['location'] ?? '')),
};
