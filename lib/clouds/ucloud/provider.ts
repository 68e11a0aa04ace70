import type { Provider } from '../../core/cloud.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { sign } from '../../signers/ucloud-sha1.ts';
import { withProof, writtenParams } from '../../signers/written-params.ts';
import { writeQuery } from '../../wire/query.ts';
import { formCall } from '../form-call.ts';
import { seconds } from './limits.ts';
import { normalize } from './normalize.ts';

/** UCloud, by POSTed forms: what its Python SDK and the examples of its pages send. */
export const provider: Provider = {
  operations: {
    AssumeRole: {
      seconds,
      encode: (request, account) => {
        return formCall(account.endpoint, [
          ['Action', 'AssumeRole'],
          ['RoleUrn', request.role],
          ['RoleSessionName', request.sessionName],
          ['DurationSeconds', String(request.durationSeconds)],
          ['Policy', request.policy],
          ['Region', account.region],
          // Most APIs ask it of sub-accounts.
          ['ProjectId', account.projectId],
        ]);
      },
    },
  },
  sign: (request, _account, key) => {
    const { PublicKey, SecurityToken, Signature } = sign(Object.fromEntries(writtenParams(request)), key);
    return withProof(
      request,
      writeQuery(Object.entries<string>(omitUndefined({ PublicKey, SecurityToken, Signature }))),
    );
  },
  normalize,
};
