import type { Clock } from '../../core/clock.ts';
import type { Transport } from '../../core/transport.ts';
import { member } from '../../wire/json.ts';
import { ClientError } from '../errors.ts';
import type { LoginSettings } from '../profile.ts';
import { secureUrl } from '../request.ts';
import type { Endpoints } from './endpoints.ts';
import { checkIdToken } from './id-token.ts';
import { askTokens, loginRefused, postForm, type TokenSet } from './token-set.ts';

/** What a login works with. */
export interface LoginDeps {
  readonly transport: Transport;
  readonly clock: Clock;
  /** The deadline of one request. */
  readonly attemptSignal: () => AbortSignal;
}

/** What a person is asked to do, on any device that has a browser. */
export interface DevicePrompt {
  readonly url: URL;
  readonly userCode: string;
  /** The same page with the code filled in, if the issuer has one. */
  readonly completeUrl?: URL;
}

/** RFC 8628, 3.2: what is waited between two questions if the issuer does not say, and what `slow_down` adds. */
const usualIntervalSeconds = 5;

interface DeviceCode extends DevicePrompt {
  readonly deviceCode: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

/** Logs in by a code that the person types elsewhere (RFC 8628). Rejects with a ClientError. */
export const deviceLogin = async (
  endpoints: Endpoints,
  login: LoginSettings,
  deps: LoginDeps,
  prompt: (what: DevicePrompt) => void,
): Promise<TokenSet> => {
  const { clock } = deps;
  const code = await askCode(endpoints, login, deps);
  prompt(code);
  const until = clock.now().getTime() + code.expiresInSeconds * 1000;
  let intervalSeconds = code.intervalSeconds;
  while (clock.now().getTime() + intervalSeconds * 1000 < until) {
    await clock.sleep(intervalSeconds * 1000);
    const question = {
      clientId: login.clientId,
      parameters: { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: code.deviceCode },
    };
    const reply = await askTokens(endpoints, question, { ...deps, now: clock.now }, deps.attemptSignal()).catch(
      // A connection that failed says nothing about the code (3.5).
      (thrown: unknown) => {
        if (thrown instanceof ClientError && thrown.fault === 'unavailable') return { error: 'slow_down' };
        throw thrown;
      },
    );
    if ('tokens' in reply) {
      if (reply.tokens.idToken !== undefined)
        checkIdToken(reply.tokens.idToken, { issuer: endpoints.issuer, clientId: login.clientId });
      return reply.tokens;
    }
    if (reply.error === 'slow_down') intervalSeconds += usualIntervalSeconds;
    else if (reply.error !== 'authorization_pending') throw loginRefused(reply.error);
  }
  throw loginRefused('expired_token');
};

const askCode = async (
  { deviceAuthorization }: Endpoints,
  { clientId, scope }: LoginSettings,
  { transport, attemptSignal }: LoginDeps,
): Promise<DeviceCode> => {
  if (deviceAuthorization === undefined)
    throw new ClientError('refused', 'NoDeviceLogin', 'The issuer has no device login; use --browser.');
  const form = { client_id: clientId, scope };
  const { status, content } = await postForm(deviceAuthorization, form, transport, attemptSignal());
  const text = (name: string): string | undefined => {
    const value = member(content, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const seconds = (name: string): number | undefined => {
    const value = member(content, name);
    return typeof value === 'number' && value > 0 && value <= 3600 ? value : undefined;
  };
  const [deviceCode, userCode, place] = [text('device_code'), text('user_code'), text('verification_uri')];
  const expiresInSeconds = seconds('expires_in');
  if (status !== 200 || !deviceCode || !userCode || !place || expiresInSeconds === undefined)
    throw loginRefused(text('error') ?? 'invalid_response');
  const complete = text('verification_uri_complete');
  return {
    deviceCode,
    // Shown on a terminal.
    userCode: userCode.replace(/[^\w -]/g, ''),
    url: secureUrl(place, 'The page of the issuer'),
    ...(complete === undefined ? {} : { completeUrl: secureUrl(complete, 'The page of the issuer') }),
    expiresInSeconds,
    intervalSeconds: seconds('interval') ?? usualIntervalSeconds,
  };
};
