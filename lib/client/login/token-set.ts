import type { Transport } from '../../core/transport.ts';
import { member, readJson } from '../../wire/json.ts';
import { ClientError } from '../errors.ts';
import { requestTo } from '../request.ts';
import type { Endpoints } from './endpoints.ts';

/** What a login gave. It is kept in a private file, as text. */
export interface TokenSet {
  readonly idToken?: string;
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** When the access token ends, in milliseconds since 1970; absent if the issuer did not say. */
  readonly accessExpiresAtMs?: number;
}

/** What a token endpoint is asked by: a public client, as every program on a person's machine is (RFC 8252, 8.4). */
export interface TokenQuestion {
  readonly clientId: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** An error of a token endpoint by its code (RFC 6749, 5.2), or the tokens. */
export type TokenReply = { readonly tokens: TokenSet } | { readonly error: string };

const textOf = (value: unknown, name: string): string | undefined => {
  const found = member(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

/** Posts a form to an endpoint of the issuer and reads its JSON; rejects with a ClientError if there is none. */
export const postForm = async (
  url: URL,
  parameters: Readonly<Record<string, string>>,
  transport: Transport,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly content: unknown }> => {
  const request = requestTo(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
  });
  const { status, body } = await transport(request, signal).catch(() => {
    throw new ClientError('unavailable', 'IssuerUnreachable', `${url.origin} does not answer.`);
  });
  return { status, content: readJson(body) };
};

/** Asks the token endpoint. */
export const askTokens = async (
  endpoints: Endpoints,
  { clientId, parameters }: TokenQuestion,
  { transport, now }: { readonly transport: Transport; readonly now: () => Date },
  signal: AbortSignal,
): Promise<TokenReply> => {
  const form = { ...parameters, client_id: clientId };
  const { status, content } = await postForm(endpoints.token, form, transport, signal);
  if (status !== 200) {
    if (status >= 500) throw new ClientError('unavailable', 'IssuerUnavailable', 'The issuer cannot answer now.');
    const error = textOf(content, 'error') ?? '';
    return { error: /^[a-z_]{1,40}$/.test(error) ? error : 'invalid_response' };
  }
  const accessToken = textOf(content, 'access_token');
  if (accessToken === undefined) return { error: 'invalid_response' };
  const seconds = member(content, 'expires_in');
  const [idToken, refreshToken] = [textOf(content, 'id_token'), textOf(content, 'refresh_token')];
  return {
    tokens: {
      accessToken,
      ...(idToken === undefined ? {} : { idToken }),
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(typeof seconds === 'number' ? { accessExpiresAtMs: now().getTime() + seconds * 1000 } : {}),
    },
  };
};

/** The refusal of a login, by the issuer's code. */
export const loginRefused = (error: string): ClientError =>
  new ClientError('refused', 'LoginRefused', `The issuer refused the login: ${error}.`);
