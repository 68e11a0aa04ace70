import type { Account, Variables } from '../../core/cloud.ts';
import type { Credentials } from '../../core/credentials.ts';

/** ECS serves S3, and what reads from it are AWS's tools: those of theirs that matter to any endpoint. */
export const variables = (credentials: Credentials, account: Account): Variables => [
  ['AWS_ACCESS_KEY_ID', credentials.accessKeyId],
  ['AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey.reveal()],
  ['AWS_SESSION_TOKEN', credentials.sessionToken.reveal()],
  ['AWS_CREDENTIAL_EXPIRATION', credentials.expiration.toISOString()],
  ...(account.region === undefined ? [] : ([['AWS_REGION', account.region]] as const)),
];
