import type { Provider } from '../../core/cloud.ts';
import { requestTo } from '../../core/http.ts';
import { sign } from '../../signers/ucloud-sha1.ts';
import { readQuery, writeQuery } from '../../wire/query.ts';
import { seconds } from './limits.ts';
import { normalize } from './normalize.ts';

/** UCloud, by POSTed forms: what its Python SDK and the examples of its pages send. */
export const provider: Provider = {
  operations: {
    AssumeRole: {
      seconds,
      encode: (request, account) => {
        const params: readonly (readonly [string, string | undefined])[] = [
          ['Action', 'AssumeRole'],
          ['RoleUrn', request.role],
          ['RoleSessionName', request.sessionName],
          ['DurationSeconds', String(request.durationSeconds)],
          ['Policy', request.policy],
          ['Region', account.region],
          // Most APIs ask it of sub-accounts.
          ['ProjectId', account.projectId],
        ];
        return requestTo(account.endpoint, {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: writeQuery(params.filter((pair): pair is readonly [string, string] => pair[1] !== undefined)),
        });
      },
    },
  },
  sign: (request, _account, key) => {
    const form = readQuery(request.body);
    const params: Readonly<Record<string, string>> = 'fault' in form ? {} : Object.fromEntries(form.params);
    return { ...request, body: writeQuery(Object.entries<string>(sign(params, key))) };
  },
  normalize,
};
