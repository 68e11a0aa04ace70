import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ClientError } from '../errors.ts';
import type { LoginSettings } from '../profile.ts';
import type { LoginDeps } from './device-login.ts';
import type { Endpoints } from './endpoints.ts';
import { checkIdToken } from './id-token.ts';
import { askTokens, loginRefused, type TokenSet } from './token-set.ts';

/** What a login by browser needs besides. */
export interface BrowserLoginDeps extends LoginDeps {
  /** 32 random bytes as base64url, new for each call. */
  readonly random: () => string;
  /** Shows the page to the person. */
  readonly openPage: (url: URL) => void;
  /** Ends the wait for the person. */
  readonly signal: AbortSignal;
}

/**
 * Logs in by a browser on this machine: the authorization code flow with PKCE (RFC 7636) to a loopback address (RFC
 * 8252, 7.3). Rejects with a ClientError.
 */
export const browserLogin = async (
  endpoints: Endpoints,
  { clientId, scope }: LoginSettings,
  deps: BrowserLoginDeps,
): Promise<TokenSet> => {
  if (endpoints.authorization === undefined)
    throw new ClientError('refused', 'NoBrowserLogin', 'The issuer has no login by browser.');
  const [verifier, state, nonce] = [deps.random(), deps.random(), deps.random()];
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const redirect = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
    const page = new URL(endpoints.authorization);
    const parameters = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirect,
      scope,
      state,
      nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      // Without it an issuer gives no refresh token (OpenID Connect Core 1.0, 11).
      ...(scope.includes('offline_access') ? { prompt: 'consent' } : {}),
    };
    for (const [name, value] of Object.entries(parameters)) page.searchParams.set(name, value);
    deps.openPage(page);
    const code = await codeFrom(server, { state, issuer: endpoints.issuer, signal: deps.signal });
    const question = {
      clientId,
      parameters: { grant_type: 'authorization_code', code, redirect_uri: redirect, code_verifier: verifier },
    };
    const reply = await askTokens(endpoints, question, { ...deps, now: deps.clock.now }, deps.attemptSignal());
    if ('error' in reply) throw loginRefused(reply.error);
    if (reply.tokens.idToken !== undefined)
      checkIdToken(reply.tokens.idToken, { issuer: endpoints.issuer, clientId, nonce });
    return reply.tokens;
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

/** What a callback must say. */
interface Expected {
  readonly state: string;
  readonly issuer: string;
  readonly signal: AbortSignal;
}

/** The code of the first callback that is of this login; anything else is answered 404 and passed over. */
const codeFrom = (server: Server, { state, issuer, signal }: Expected): Promise<string> =>
  new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new ClientError('unavailable', 'LoginTimedOut', 'Nobody logged in.'));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    server.on('request', (message, response) => {
      message.resume();
      // What is no target of ours, such as `//`, may come from any page.
      const target = message.url?.startsWith('/callback') === true ? message.url : '/';
      const { pathname, searchParams } = new URL(target, 'http://127.0.0.1');
      const [code, error, iss] = ['code', 'error', 'iss'].map((name) => searchParams.get(name));
      // RFC 9207: an answer of another issuer is a mix-up.
      const isOurs =
        pathname === '/callback' && searchParams.get('state') === state && (iss === null || iss === issuer);
      const settles = isOurs && (typeof code === 'string' || typeof error === 'string');
      response.writeHead(settles ? 200 : 404, {
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
      });
      response.end(settles ? 'You can close this page and go back to the terminal.\n' : 'Not Found\n', () => {
        if (!settles) return;
        if (typeof code === 'string') resolve(code);
        else reject(loginRefused(/^[a-z_]{1,40}$/.test(error ?? '') ? (error ?? '') : 'invalid_response'));
      });
    });
  });
