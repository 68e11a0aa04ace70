import type { Account, Moment, Provider } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest, UnsignedRequest } from '../../core/http.ts';
import { dated, sign as signRpc } from '../../signers/acs-rpc.ts';
import { algorithm, sign as signAcs3 } from '../../signers/acs3.ts';
import { writeQuery } from '../../wire/query.ts';
import { type FormPairs, formCall } from '../form-call.ts';
import { callsPerSecond, seconds, version } from './limits.ts';
import { normalize, normalizeIdentity } from './normalize.ts';

/** How the account's requests are signed: by ACS3, unless its configuration says otherwise. */
const signatureOf = ({ name, signature = algorithm }: Account): typeof algorithm | 'HMAC-SHA1' => {
  if (signature === algorithm || signature === 'HMAC-SHA1') return signature;
  throw new StsError('Misconfigured', `The account ${name} must sign by ${algorithm} or HMAC-SHA1.`);
};

const rpc = (action: string): readonly (readonly [string, string])[] => [
  ['Action', action],
  ['Format', 'JSON'],
  ['Version', version],
];

/** Parameters travel in the form, never in the URL: URLs are written into logs. */
const post = (
  { endpoint }: Account,
  headers: HttpRequest['headers'],
  query: Iterable<readonly [string, string]>,
  form: FormPairs,
): UnsignedRequest => {
  const call = formCall(endpoint, form, { query: writeQuery(query) });
  const { 'content-type': type = '' } = call.headers;
  return {
    ...call,
    headers: { accept: 'application/json', ...(call.body === '' ? {} : { 'content-type': type }), ...headers },
  };
};

/** A call as its signature wants it: ACS3 says the action in headers, the RPC style among the parameters. */
const call = (action: string, account: Account, own: FormPairs): UnsignedRequest =>
  signatureOf(account) === algorithm
    ? post(account, { 'x-acs-action': action, 'x-acs-version': version }, [], own)
    : post(account, {}, [], [...rpc(action), ...own]);

/** A call that proves nothing but what it says: RPC without a signature, the common parameters in the query. */
const callUnsigned = (action: string, account: Account, own: FormPairs, moment?: Moment): UnsignedRequest =>
  post(account, {}, [...rpc(action), ...(moment === undefined ? [] : dated(moment))], own);

/** Alibaba Cloud STS, version 2015-04-01. */
export const provider: Provider = {
  operations: {
    AssumeRole: {
      seconds: seconds.AssumeRole,
      callsPerSecond,
      encode: (request, account) => {
        return call('AssumeRole', account, [
          ['RoleArn', request.role],
          ['RoleSessionName', request.sessionName],
          ['DurationSeconds', String(request.durationSeconds)],
          ['Policy', request.policy],
          ['ExternalId', request.externalId],
          ['SourceIdentity', request.sourceIdentity],
        ]);
      },
    },
    AssumeRoleWithWebIdentity: {
      seconds: seconds.AssumeRoleWithWebIdentity,
      callsPerSecond,
      encode: (request, account, moment) => {
        const providerId = request.providerId ?? account.webIdentity?.providerId;
        if (providerId === undefined) {
          throw new StsError('MissingParameter', 'A provider id is required by this system.');
        }
        const own: FormPairs = [
          ['OIDCProviderArn', providerId],
          ['RoleArn', request.role],
          ['OIDCToken', request.webIdentityToken.reveal()],
          ['RoleSessionName', request.sessionName],
          ['DurationSeconds', String(request.durationSeconds)],
          ['Policy', request.policy],
        ];
        return callUnsigned('AssumeRoleWithOIDC', account, own, moment);
      },
    },
  },
  sign: (request, account, key, { now, nonce }) =>
    signatureOf(account) === algorithm ? signAcs3(request, key, { now, nonce }) : signRpc(request, key, { now, nonce }),
  normalize,
  identity: {
    encode: (account) => call('GetCallerIdentity', account, []),
    normalize: normalizeIdentity,
  },
};
