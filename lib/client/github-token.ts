import { Secret } from '../core/secret.ts';
import type { Transport } from '../core/transport.ts';
import { member, readJson } from '../wire/json.ts';
import { ClientError, usageError } from './errors.ts';
import { requestTo, secureUrl } from './request.ts';
import type { Environment } from './settings.ts';

/**
 * The token of a job of GitHub Actions for an audience.
 * https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export const githubToken = async (
  audience: string,
  { environment, transport }: { readonly environment: Environment; readonly transport: Transport },
  signal: AbortSignal,
): Promise<Secret> => {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: place, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = environment;
  if (place === undefined || token === undefined)
    throw usageError('The job may not ask GitHub for a token: it needs `permissions: { id-token: write }`.', 'NoProof');
  const url = secureUrl(place, 'ACTIONS_ID_TOKEN_REQUEST_URL');
  url.searchParams.set('audience', audience);
  const request = requestTo(url, { method: 'GET', headers: { authorization: `Bearer ${token}` } });
  const { status, body } = await transport(request, signal).catch(() => {
    throw new ClientError('unavailable', 'GithubUnavailable', 'GitHub does not answer with a token for this job.');
  });
  const value = status === 200 ? member(readJson(body), 'value') : undefined;
  if (typeof value !== 'string')
    throw new ClientError(
      status >= 500 || status === 429 ? 'unavailable' : 'refused',
      'GithubRefused',
      `GitHub gave no token for this job (status ${status}).`,
    );
  return new Secret(value);
};
