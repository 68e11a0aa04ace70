import type { Account, Moment } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import { type HttpRequest, requestTo, type UnsignedRequest } from '../../core/http.ts';
import type { Tag } from '../../core/requests.ts';
import type { Method } from '../../signers/qcloud-hmac.ts';
import { algorithm } from '../../signers/tc3.ts';
import { formCall } from '../form-call.ts';
import { unixSeconds } from '../tencent.ts';
import { version } from './limits.ts';

/** What an operation is told, by the service's own names. */
export type Arguments = Readonly<Record<string, string | number | readonly Tag[] | undefined>>;

const usualRegion = 'ap-guangzhou';

/** How the account's requests are signed: by TC3, unless its configuration says otherwise. */
export const signatureOf = ({ name, signature = algorithm }: Account): typeof algorithm | Method => {
  if (signature === algorithm || signature === 'HmacSHA1' || signature === 'HmacSHA256') return signature;
  throw new StsError('Misconfigured', `The account ${name} must sign by ${algorithm}, HmacSHA256 or HmacSHA1.`);
};

/** A call as its signature wants it: TC3 goes with JSON and headers, the older ones with a form that says it all. */
export const call = (action: string, account: Account, said: Arguments): UnsignedRequest =>
  signatureOf(account) === algorithm ? jsonCall(action, account, said) : calledByForm(action, account, said);

/**
 * A call that proves nothing but what it says: by the very word that the service looks for. The SDKs send a timestamp
 * with it too, if there is a time to take it from.
 */
export const callUnsigned = (action: string, account: Account, said: Arguments, moment?: Moment): HttpRequest => {
  const request = jsonCall(action, account, said);
  const timestamp = moment === undefined ? {} : { 'x-tc-timestamp': String(unixSeconds(moment.now)) };
  return { ...request, headers: { ...request.headers, ...timestamp, authorization: 'SKIP' } };
};

const jsonCall = (action: string, account: Account, said: Arguments): HttpRequest =>
  requestTo(account.endpoint, {
    headers: {
      'content-type': 'application/json',
      'x-tc-action': action,
      'x-tc-version': version,
      'x-tc-region': account.region ?? usualRegion,
    },
    body: JSON.stringify(said, (_name, value: unknown) =>
      Array.isArray(value) ? (value as readonly Tag[]).map((tag) => ({ Key: tag.key, Value: tag.value })) : value,
    ),
  });

const calledByForm = (action: string, account: Account, said: Arguments): UnsignedRequest =>
  formCall(account.endpoint, [
    ['Action', action],
    ['Version', version],
    ['Region', account.region ?? usualRegion],
    ...Object.entries(said).flatMap(([name, value]) => flat(name, value)),
  ]);

const flat = (name: string, value: Arguments[string]): readonly (readonly [string, string])[] => {
  if (value === undefined) return [];
  if (typeof value !== 'object') return [[name, String(value)]];
  return value.flatMap((tag, index) => [
    [`${name}.${index}.Key`, tag.key],
    [`${name}.${index}.Value`, tag.value],
  ]);
};
