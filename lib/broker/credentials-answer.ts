import type { Answer } from '../core/cloud.ts';
import type { AuthenticatedRequest } from './authenticated-request.ts';
import type { Issued } from './issue.ts';

/** Credentials as an answer, with the environment variables from which the tools of their cloud read them. */
export const credentialsAnswer = (
  { deps, dialect }: AuthenticatedRequest,
  { credentials, account }: Issued,
): Answer => {
  const cloud = deps.clouds.get(account.cloud) ?? deps.clouds.get(dialect.id) ?? deps.clouds.get('aws');
  return {
    kind: 'credentials',
    credentials,
    account: account.name,
    cloud: account.cloud,
    variables: () => cloud?.variables(credentials, account) ?? [],
  };
};
