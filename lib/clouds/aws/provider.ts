import type { Account, Exchange, Provider } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import { type HttpRequest, requestTo } from '../../core/http.ts';
import type { CloudRequest, MintOperation, Tag } from '../../core/requests.ts';
import { sign } from '../../signers/sigv4.ts';
import { writeQuery } from '../../wire/query.ts';
import { latinPolicy } from '../latin-policy.ts';
import { callsPerSecond, version } from './limits.ts';
import { normalize, normalizeIdentity } from './normalize.ts';
import { type Profile, secondsOf } from './profiles.ts';

type Pairs = readonly (readonly [string, string | undefined])[];

/** A Query protocol request. The endpoint's path is kept: Ceph and MinIO may stand behind one. */
export const call = (operation: string, { endpoint }: Account, pairs: Pairs, path = '/'): HttpRequest => {
  const given = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  return requestTo(endpoint, {
    path: endpoint.pathname === '/' ? path : endpoint.pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: writeQuery([['Action', operation], ['Version', version], ...given]),
  });
};

const members = (name: string, list: readonly string[] = [], part = ''): Pairs =>
  list.map((item, index) => [`${name}.member.${index + 1}${part}`, item]);

const tagPairs = (list: readonly Tag[] = [], name = 'Tags.member'): Pairs =>
  list.flatMap(({ key, value }, index) => [
    [`${name}.${index + 1}.Key`, key],
    [`${name}.${index + 1}.Value`, value],
  ]);

const narrowing = (request: { readonly policy?: string; readonly policyArns?: readonly string[] }): Pairs => [
  ['Policy', latinPolicy(request.policy)],
  ...members('PolicyArns', request.policyArns, '.arn'),
];

/** What is required of a role's name where every name is ignored. */
const anyRole = 'arn:aws:iam::000000000000:role/ignored';

/** The operations of AWS STS, as a product has them. */
const exchangesOf = (profile?: Profile): Required<Provider['operations']> => {
  const exchange = <Op extends MintOperation>(
    operation: Op,
    pairs: (request: CloudRequest<Op>) => Pairs,
    action: string = operation,
  ): Exchange<Op> => ({
    seconds: secondsOf(operation, profile),
    callsPerSecond,
    encode: (request, account) =>
      call(action, account, [...pairs(request), ['DurationSeconds', String(request.durationSeconds)]], profile?.path),
  });
  return {
    AssumeRole: exchange('AssumeRole', (request) => {
      if (profile?.ignoresRole && request.policy === undefined) {
        throw new StsError('MissingParameter', 'A policy is required by this system: it ignores the role.');
      }
      return [
        ['RoleArn', request.role],
        ['RoleSessionName', request.sessionName],
        ...narrowing(request),
        ...tagPairs(request.tags, profile?.tags),
        ...members('TransitiveTagKeys', request.transitiveTagKeys),
        ['ExternalId', request.externalId],
        ['SourceIdentity', request.sourceIdentity],
        ['SerialNumber', request.serialNumber],
        ['TokenCode', request.tokenCode?.reveal()],
      ];
    }),
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
      ...tagPairs(request.tags, profile?.tags),
    ]),
    GetSessionToken: profile?.ignoresRole
      ? exchange(
          'GetSessionToken',
          () => [
            ['RoleArn', anyRole],
            ['RoleSessionName', 'session'],
          ],
          'AssumeRole',
        )
      : exchange('GetSessionToken', (request) => [
          ['SerialNumber', request.serialNumber],
          ['TokenCode', request.tokenCode?.reveal()],
        ]),
  };
};

const sharedBy = (profile?: Profile): Omit<Provider, 'operations'> => ({
  sign: (request, account, key, { now }) =>
    sign(request, key, { now, region: account.region ?? 'us-east-1', service: 'sts' }),
  normalize,
  ...(profile?.hasIdentity === false
    ? {}
    : {
        identity: {
          encode: (account) => call('GetCallerIdentity', account, [], profile?.path),
          normalize: normalizeIdentity,
        },
      }),
});

/** AWS STS itself. */
export const provider: Provider = { ...sharedBy(), operations: exchangesOf() };

/** A product that has a part of the protocol of AWS STS. */
export const providerOf = (profile: Profile): Provider => ({
  ...sharedBy(profile),
  operations: Object.fromEntries(
    Object.entries(exchangesOf(profile)).filter(([operation]) => Object.hasOwn(profile.accepts, operation)),
  ),
});
