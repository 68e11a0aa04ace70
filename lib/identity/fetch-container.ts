import { readFile } from 'node:fs/promises';
import { requestTo } from '../core/http.ts';
import { Secret } from '../core/secret.ts';
import type { Transport } from '../core/transport.ts';
import { readAwsKey } from './read-key.ts';
import type { RenewableKey } from './renewed.ts';
import type { RuntimeIdentity } from './runtime-identity.ts';

type ContainerIdentity = Extract<RuntimeIdentity, { kind: 'container' }>;

/**
 * Asks the container credentials endpoint.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 */
export const fetchFromContainer = async (
  { url, token, tokenFile }: ContainerIdentity,
  { transport }: { readonly transport: Transport },
  signal: AbortSignal,
): Promise<RenewableKey> => {
  // Read each time: on EKS the file is written anew every hour.
  const authorization = tokenFile === undefined ? token : new Secret((await readFile(tokenFile, 'utf8')).trim());
  const request = requestTo(url, {
    method: 'GET',
    headers: {
      accept: 'application/json',
      ...(authorization === undefined ? {} : { authorization: authorization.reveal() }),
    },
  });
  return readAwsKey(await transport(request, signal), 'The container credentials endpoint');
};
