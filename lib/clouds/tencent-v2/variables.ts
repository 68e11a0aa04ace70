import type { Account, Variables } from '../../core/cloud.ts';
import type { Credentials } from '../../core/credentials.ts';

/** The SDKs read the first two; for the token, tools are of two minds, and each ignores the other's name. */
export const variables = (credentials: Credentials, account: Account): Variables => [
  ['TENCENTCLOUD_SECRET_ID', credentials.accessKeyId],
  ['TENCENTCLOUD_SECRET_KEY', credentials.secretAccessKey.reveal()],
  ['TENCENTCLOUD_TOKEN', credentials.sessionToken.reveal()],
  ['TENCENTCLOUD_SECURITY_TOKEN', credentials.sessionToken.reveal()],
  ...(account.region === undefined ? [] : ([['TENCENTCLOUD_REGION', account.region]] as const)),
];
