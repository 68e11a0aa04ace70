import type { Account, Variables } from '../../core/cloud.ts';
import type { Credentials } from '../../core/credentials.ts';

/**
 * Those that the Go SDK reads: github.com/ucloud/ucloud-sdk-go, ucloud/external. It has none for the security token,
 * without which the other two are of no use; that one is ours, for scripts to hand on.
 */
export const variables = (credentials: Credentials, account: Account): Variables => [
  ['UCLOUD_PUBLIC_KEY', credentials.accessKeyId],
  ['UCLOUD_PRIVATE_KEY', credentials.secretAccessKey.reveal()],
  ['UCLOUD_SECURITY_TOKEN', credentials.sessionToken.reveal()],
  ...(account.projectId === undefined ? [] : ([['UCLOUD_PROJECT_ID', account.projectId]] as const)),
  ...(account.region === undefined ? [] : ([['UCLOUD_REGION', account.region]] as const)),
];
