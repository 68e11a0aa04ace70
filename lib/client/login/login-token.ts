import { Secret } from '../../core/secret.ts';
import { type ClientError, usageError } from '../errors.ts';
import type { LoginSettings } from '../profile.ts';
import type { LoginDeps } from './device-login.ts';
import { discover } from './endpoints.ts';
import { checkIdToken, expirationMs } from './id-token.ts';
import type { TokenFile } from './token-file.ts';
import { askTokens, type TokenSet } from './token-set.ts';

/** A token this close to its end is renewed: it must still be valid when the server reads it. */
const marginMs = 60_000;

const notLoggedIn = (): ClientError => usageError('You are not logged in: run credmint login.', 'NotLoggedIn');

/** The token that the server is shown, if the set has one that is valid for a while. */
const usable = (tokens: TokenSet | undefined, { token }: LoginSettings, nowMs: number): Secret | undefined => {
  const text = token === 'id' ? tokens?.idToken : tokens?.accessToken;
  if (tokens === undefined || text === undefined) return undefined;
  const endMs = expirationMs(text) ?? tokens.accessExpiresAtMs;
  return endMs !== undefined && endMs - marginMs > nowMs ? new Secret(text) : undefined;
};

/**
 * The token of a login that was made before; renewed by its refresh token if it is about to end. One process renews at
 * a time: an issuer that sees a refresh token twice takes it for stolen. Rejects with a ClientError.
 */
export const loginToken = async (login: LoginSettings, file: TokenFile, deps: LoginDeps): Promise<Secret> => {
  const { clock } = deps;
  const find = async (): Promise<Secret | undefined> => usable(await file.read(), login, clock.now().getTime());
  return (
    (await find()) ??
    file.exclusively(async () => {
      const found = await find();
      if (found !== undefined) return found;
      const kept = await file.read();
      if (kept?.refreshToken === undefined) throw notLoggedIn();
      const endpoints = await discover(login.issuer, deps.transport, deps.attemptSignal());
      const question = {
        clientId: login.clientId,
        parameters: { grant_type: 'refresh_token', refresh_token: kept.refreshToken },
      };
      const reply = await askTokens(endpoints, question, { ...deps, now: clock.now }, deps.attemptSignal());
      if ('error' in reply) throw notLoggedIn();
      if (reply.tokens.idToken !== undefined)
        checkIdToken(reply.tokens.idToken, { issuer: login.issuer, clientId: login.clientId });
      // An issuer that rotates no refresh tokens sends none, and the old one stays (RFC 6749, 6).
      const next = { ...kept, ...reply.tokens };
      await file.write(next);
      const token = usable(next, login, clock.now().getTime());
      if (token === undefined) throw notLoggedIn();
      return token;
    })
  );
};
