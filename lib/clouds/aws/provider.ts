import type { Account, Exchange, Provider } from '../../core/cloud.ts';
import { type HttpRequest, requestTo } from '../../core/http.ts';
import type { CloudRequest, MintOperation, Tag } from '../../core/requests.ts';
import { sign } from '../../signers/sigv4.ts';
import { writeQuery } from '../../wire/query.ts';
import { latinPolicy } from '../latin-policy.ts';
import { callsPerSecond, seconds, version } from './limits.ts';
import { normalize, normalizeIdentity } from './normalize.ts';

type Pairs = readonly (readonly [string, string | undefined])[];

/** A Query protocol request. The endpoint's path is kept: Ceph and MinIO may stand behind one. */
const call = (operation: string, account: Account, pairs: Pairs): HttpRequest => {
  const given = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  return requestTo(account.endpoint, {
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: writeQuery([['Action', operation], ['Version', version], ...given]),
  });
};

const members = (name: string, list: readonly string[] = [], part = ''): Pairs =>
  list.map((item, index) => [`${name}.member.${index + 1}${part}`, item]);

const tags = (list: readonly Tag[] = []): Pairs =>
  list.flatMap(({ key, value }, index) => [
    [`Tags.member.${index + 1}.Key`, key],
    [`Tags.member.${index + 1}.Value`, value],
  ]);

const narrowing = (request: { readonly policy?: string; readonly policyArns?: readonly string[] }): Pairs => [
  ['Policy', latinPolicy(request.policy)],
  ...members('PolicyArns', request.policyArns, '.arn'),
];

const exchange = <Op extends MintOperation>(
  operation: Op,
  pairs: (request: CloudRequest<Op>) => Pairs,
): Exchange<Op> => ({
  seconds: seconds[operation],
  callsPerSecond,
  encode: (request, account) =>
    call(operation, account, [...pairs(request), ['DurationSeconds', String(request.durationSeconds)]]),
});

/** AWS STS, and Ceph RGW and MinIO, which took its protocol over. */
export const provider: Provider = {
  operations: {
    AssumeRole: exchange('AssumeRole', (request) => [
      ['RoleArn', request.role],
      ['RoleSessionName', request.sessionName],
      ...narrowing(request),
      ...tags(request.tags),
      ...members('TransitiveTagKeys', request.transitiveTagKeys),
      ['ExternalId', request.externalId],
      ['SourceIdentity', request.sourceIdentity],
      ['SerialNumber', request.serialNumber],
      ['TokenCode', request.tokenCode?.reveal()],
    ]),
    AssumeRoleWithWebIdentity: exchange('AssumeRoleWithWebIdentity', (request) => [
      ['RoleArn', request.role],
      ['RoleSessionName', request.sessionName],
      ['WebIdentityToken', request.webIdentityToken.reveal()],
      ['ProviderId', request.providerId],
      ...narrowing(request),
    ]),
    GetFederationToken: exchange('GetFederationToken', (request) => [
      ['Name', request.name],
      ...narrowing(request),
      ...tags(request.tags),
    ]),
    GetSessionToken: exchange('GetSessionToken', (request) => [
      ['SerialNumber', request.serialNumber],
      ['TokenCode', request.tokenCode?.reveal()],
    ]),
  },
  sign: (request, account, key, { now }) =>
    sign(request, key, { now, region: account.region ?? 'us-east-1', service: 'sts' }),
  normalize,
  identity: {
    encode: (account) => call('GetCallerIdentity', account, []),
    normalize: normalizeIdentity,
  },
};
