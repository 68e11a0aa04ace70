import type { Account, Exchange, Provider } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { UnsignedRequest } from '../../core/http.ts';
import type { CloudRequest } from '../../core/requests.ts';
import { leftUnsigned, type Method, sign } from '../../signers/qcloud-hmac.ts';
import { escapeText } from '../../wire/query.ts';
import { formCall } from '../form-call.ts';
import { callsPerSecond, path, seconds } from './limits.ts';
import { normalize } from './normalize.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

const usualRegion = 'ap-guangzhou';

const call = (account: Account, pairs: Pairs): UnsignedRequest => {
  const { endpoint } = account;
  const unsigned = pairs.find(([, value]) => leftUnsigned('POST', value));
  if (unsigned !== undefined) {
    throw new StsError('InvalidParameter', `${unsigned[0]} must not begin with @: API 2.0 would not sign it.`, {
      parameter: unsigned[0],
    });
  }
  return formCall(endpoint, [...pairs, ['Region', account.region ?? usualRegion]], {
    path: endpoint.pathname === '/' ? path : endpoint.pathname,
  });
};

const methodOf = ({ name, signature = 'HmacSHA256' }: Account): Method => {
  if (signature === 'HmacSHA256' || signature === 'HmacSHA1') return signature;
  throw new StsError('Misconfigured', `The account ${name} must sign by HmacSHA256 or HmacSHA1.`);
};

const exchange = <Op extends keyof typeof seconds>(
  operation: Op,
  pairs: (request: CloudRequest<Op>) => Pairs,
): Exchange<Op> => ({
  seconds: seconds[operation],
  callsPerSecond,
  encode: (request, account) =>
    call(account, [['Action', operation], ...pairs(request), ['durationSeconds', String(request.durationSeconds)]]),
});

/** Tencent Cloud API 2.0. */
export const provider: Provider = {
  operations: {
    AssumeRole: exchange('AssumeRole', (request) => [
      ['roleArn', request.role],
      ['roleSessionName', request.sessionName],
    ]),
    GetFederationToken: exchange('GetFederationToken', (request) => {
      if (request.policy === undefined) throw new StsError('MissingParameter', 'A policy is required by this system.');
      return [
        ['name', request.name],
        // Encoded once here and once more by the form, as the vendor's own helper came to do it.
        ['policy', escapeText(request.policy)],
      ];
    }),
  },
  sign: (request, account, key, { now, nonce }) =>
    sign(request, key, {
      now,
      nonce,
      method: methodOf(account),
      edition: '2.0',
    }),
  normalize,
};
