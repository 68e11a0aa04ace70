import type { Transport } from '../../core/transport.ts';
import { member, readJson } from '../../wire/json.ts';
import { ClientError } from '../errors.ts';
import { below, requestTo, secureUrl } from '../request.ts';

/** Where an OpenID provider is spoken to. */
export interface Endpoints {
  readonly issuer: string;
  readonly token: URL;
  readonly authorization?: URL;
  readonly deviceAuthorization?: URL;
}

/** Reads where an issuer's endpoints are (OpenID Connect Discovery 1.0, 4). Rejects with a ClientError. */
export const discover = async (issuer: string, transport: Transport, signal: AbortSignal): Promise<Endpoints> => {
  const url = below(secureUrl(issuer, 'The issuer'), '/.well-known/openid-configuration');
  const { status, body } = await transport(requestTo(url, { method: 'GET' }), signal).catch(() => {
    throw new ClientError('unavailable', 'IssuerUnreachable', `${url.origin} does not answer.`);
  });
  const document = status === 200 ? readJson(body) : undefined;
  // Another issuer's document would send the login to another's endpoints (4.3).
  if (member(document, 'issuer') !== issuer)
    throw new ClientError('refused', 'IssuerMismatch', 'What is published at the issuer is not its own configuration.');
  const endpoint = (name: string): URL | undefined => {
    const text = member(document, name);
    return typeof text === 'string' ? secureUrl(text, `The ${name} of the issuer`) : undefined;
  };
  const token = endpoint('token_endpoint');
  if (token === undefined) throw new ClientError('refused', 'IssuerIncomplete', 'The issuer has no token endpoint.');
  const authorization = endpoint('authorization_endpoint');
  const deviceAuthorization = endpoint('device_authorization_endpoint');
  return {
    issuer,
    token,
    ...(authorization === undefined ? {} : { authorization }),
    ...(deviceAuthorization === undefined ? {} : { deviceAuthorization }),
  };
};
