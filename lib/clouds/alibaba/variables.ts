import type { Account, Variables } from '../../core/cloud.ts';
import type { Credentials } from '../../core/credentials.ts';

/** Those that every SDK reads: github.com/aliyun/credentials-nodejs. The region is the command line's. */
export const variables = (credentials: Credentials, account: Account): Variables => [
  ['ALIBABA_CLOUD_ACCESS_KEY_ID', credentials.accessKeyId],
  ['ALIBABA_CLOUD_ACCESS_KEY_SECRET', credentials.secretAccessKey.reveal()],
  ['ALIBABA_CLOUD_SECURITY_TOKEN', credentials.sessionToken.reveal()],
  ...(account.region === undefined ? [] : ([['ALIBABA_CLOUD_REGION_ID', account.region]] as const)),
];
