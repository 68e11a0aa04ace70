import type { Account } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { CloudRequest } from '../../core/requests.ts';
import { refuseUnsupported } from '../refuse-unsupported.ts';

const path = '/v3.0/OS-CREDENTIAL/securitytokens';

/** Whether the account is called by the older way, which its endpoint says: IAM's, not that of STS5. */
export const isOlder = ({ endpoint }: Account): boolean => endpoint.pathname.endsWith(path);

/**
 * The body by which IAM v3 gives temporary credentials of an agency, which it knows by name and domain. Its
 * policies are of an older grammar, version 1.1, so a request that must be narrowed is refused.
 * https://support.huaweicloud.com/api-iam/iam_04_0101.html
 */
export const olderBody = (request: CloudRequest<'AssumeRole'>, account: Account): object => {
  refuseUnsupported(request, []);
  const [, domainId, agencyName] = /^iam::([^:]+):agency:([^:]+)$/.exec(request.role) ?? [];
  if (domainId === undefined || agencyName === undefined) {
    throw new StsError('InvalidParameter', `The account ${account.name} assumes agencies by their URN.`);
  }
  return {
    auth: {
      identity: {
        methods: ['assume_role'],
        assume_role: {
          domain_id: domainId,
          agency_name: agencyName,
          duration_seconds: request.durationSeconds,
          session_user: { name: request.sessionName },
        },
      },
    },
  };
};
