import type { MintOperation } from '../core/requests.ts';

/** What of an account, as it is used or as it is written, decides what it is asked in place of an operation. */
interface AskedAccount {
  readonly cloud: string;
  readonly federationRole?: string | undefined;
}

/**
 * The operation that an account is asked for in place of one that was allowed. GetFederationToken becomes AssumeRole of
 * the account's federation role if it has one: AWS has the operation, and Ceph RGW and MinIO, which speak as AWS does,
 * have not. The cloud need not verify an identity token that was verified here: the role is assumed as the account, except
 * by the authority, which knows both.
 */
export const calledOperation = ({ cloud, federationRole }: AskedAccount, operation: MintOperation): MintOperation => {
  if (operation === 'AssumeRoleWithWebIdentity' && cloud !== 'authority') return 'AssumeRole';
  return operation === 'GetFederationToken' && federationRole !== undefined ? 'AssumeRole' : operation;
};
