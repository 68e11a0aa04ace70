import type { Account, Provider } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest } from '../../core/http.ts';
import { sign } from '../../signers/sigv4.ts';
import { latinPolicy } from '../latin-policy.ts';
import { refuseUnsupported } from '../refuse-unsupported.ts';
import { call } from './call.ts';
import { seconds } from './limits.ts';
import { login } from './login.ts';
import { normalize, normalizeIdentity } from './normalize.ts';
import { beside } from './paths.ts';

type Pairs = readonly (readonly [string, string | undefined])[];

const pathOf = ({ endpoint }: Account): string => (endpoint.pathname === '/' ? '/sts' : endpoint.pathname);

const ask = (account: Account, pairs: Pairs): HttpRequest => {
  const given = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  return call(account, 'POST', pathOf(account), given);
};

/** ECS ignores what it does not know, so a narrowing must not be sent in a form that is not documented. */
const single = (list: readonly string[] | undefined): string | undefined => {
  if (list !== undefined && list.length > 1) {
    throw new StsError('InvalidParameter', 'Dell ECS documents no way to name several managed policies here.');
  }
  return list?.[0];
};

/** Dell ECS and ObjectScale, by X-SDS-AUTH-TOKEN or, with the account's signature `SigV4`, signed. */
export const provider: Provider = {
  operations: {
    AssumeRole: {
      seconds: seconds.AssumeRole,
      encode: (request, account) =>
        ask(account, [
          ['Action', 'AssumeRole'],
          ['RoleSessionName', request.sessionName],
          ['RoleArn', request.role],
          ['DurationSeconds', String(request.durationSeconds)],
          ['InlineSessionPolicy', latinPolicy(request.policy)],
          ['PolicyArns', single(request.policyArns)],
        ]),
    },
    GetFederationToken: {
      seconds: seconds.GetFederationToken,
      encode: (request, account) => {
        const named: Pairs = [
          ['Action', 'GetFederationToken'],
          ['UserName', request.name],
        ];
        // ECS 3.8 serves it at /iam, with parameters of other names and without tags.
        if (/\/iam\/?$/.test(account.endpoint.pathname)) {
          refuseUnsupported(request, ['policy', 'policyArns']);
          return ask(account, [
            ...named,
            ['StsDurationSeconds', String(request.durationSeconds)],
            ['StsInlineSessionPolicy', latinPolicy(request.policy)],
            ['StsPolicyArns', single(request.policyArns)],
          ]);
        }
        return ask(account, [
          ...named,
          ['DurationSeconds', String(request.durationSeconds)],
          ['Policy', latinPolicy(request.policy)],
          ...(request.policyArns ?? []).map((arn, index) => [`PolicyArns.member.${index + 1}`, arn] as const),
          ...(request.tags ?? []).flatMap(
            ({ key, value }, index): Pairs => [
              [`Tags.member.${index + 1}.Key`, key],
              [`Tags.member.${index + 1}.Value`, value],
            ],
          ),
        ]);
      },
    },
  },
  // ECS checks neither region nor service. If the account names no region, both are left empty, as one of its
  // clients does (github.com/murkyl/go-objectscale-lite).
  sign: (request, { region }, key, { now }) =>
    sign(request, key, region === undefined ? { now, region: '', service: '' } : { now, region, service: 'sts' }),
  normalize,
  identity: {
    encode: (account) => call(account, 'GET', beside(account.endpoint.pathname, 'user/whoami')),
    normalize: normalizeIdentity,
  },
  login,
};
