import type { Account, Provider } from '../../core/cloud.ts';
import type { HttpRequest } from '../../core/http.ts';
import type { Tag } from '../../core/requests.ts';
import { sign } from '../../signers/volc-hmac.ts';
import { writeQuery } from '../../wire/query.ts';
import { callsPerSecond, seconds, version } from './limits.ts';
import { normalize, normalizeIdentity } from './normalize.ts';

type Pairs = readonly (readonly [string, string | undefined])[];

/** The action stands in the query, its parameters in the form, never in the URL: URLs are written into logs. */
const call = (action: string, { endpoint }: Account, own: Pairs): HttpRequest => {
  const body = writeQuery(own.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
  return {
    method: body === '' ? 'GET' : 'POST',
    scheme: endpoint.protocol === 'http:' ? 'http' : 'https',
    host: endpoint.host,
    path: endpoint.pathname,
    query: writeQuery([
      ['Action', action],
      ['Version', version],
    ]),
    headers: body === '' ? {} : { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  };
};

const tags = (list: readonly Tag[] = []): Pairs =>
  list.flatMap(({ key, value }, index) => [
    [`Tags.${index + 1}.Key`, key],
    [`Tags.${index + 1}.Value`, value],
  ]);

/** The STS of Volcengine and BytePlus, version 2018-01-01. */
export const provider: Provider = {
  operations: {
    AssumeRole: {
      seconds: seconds.AssumeRole,
      callsPerSecond,
      encode: (request, account) =>
        call('AssumeRole', account, [
          ['RoleTrn', request.role],
          ['RoleSessionName', request.sessionName],
          ['DurationSeconds', String(request.durationSeconds)],
          ['Policy', request.policy],
          ...tags(request.tags),
        ]),
    },
    AssumeRoleWithWebIdentity: {
      seconds: seconds.AssumeRoleWithWebIdentity,
      callsPerSecond,
      encode: (request, account) =>
        call('AssumeRoleWithOIDC', account, [
          ['RoleTrn', request.role],
          ['RoleSessionName', request.sessionName],
          ['OIDCToken', request.webIdentityToken.reveal()],
          ['DurationSeconds', String(request.durationSeconds)],
          ['Policy', request.policy],
        ]),
    },
  },
  sign: (request, account, key, { now }) =>
    sign(request, key, { now, region: account.region ?? 'cn-beijing', service: 'sts' }),
  normalize,
  identity: {
    encode: (account) => call('GetCallerIdentity', account, []),
    normalize: normalizeIdentity,
  },
};
