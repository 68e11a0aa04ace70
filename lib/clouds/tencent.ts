import type { DialectContext } from '../core/cloud.ts';
import type { VariableNames } from '../core/cloud-facts.ts';
import { StsError, type StsErrorCode } from '../core/errors.ts';
import { readInstant, secondText } from '../wire/instant.ts';
import { isObject, readJson } from '../wire/json.ts';
import { type Params, unescapeForm } from '../wire/query.ts';
import { meaningBehind200 } from './meanings.ts';
import { signedHosts } from './signed-hosts.ts';

// What the two editions of Tencent Cloud's API have in common on the wire.

/** No page of STS says how long a policy may be. This bound is ours, in characters. */
export const maxPolicyCharacters = 8192;
/** Room for every character of it escaped, in UTF-8. */
const maxPolicyField = 9 * maxPolicyCharacters;

/**
 * The JSON text of a policy field. The pages have the sender URL-encode it beforehand; their worked examples and the
 * vendor's helpers sometimes do and sometimes do not. What parses is taken, and what does not is decoded once more, as
 * a form: the Go and PHP helpers of github.com/tencentyun/qcloud-cos-sts-sdk write a space as `+` (url.QueryEscape,
 * urlencode), and a plus is `%2B` in all of them.
 */
export const policyText = (field: string, parameter: string): string => {
  const tooLarge = (): StsError =>
    new StsError('PolicyTooLarge', `A policy may have ${maxPolicyCharacters} characters.`, { parameter });
  if (field.length > maxPolicyField) throw tooLarge();
  const text = isObject(readJson(field)) ? field : unescapeForm(field);
  if (text === undefined || !isObject(readJson(text))) {
    throw new StsError('MalformedPolicy', 'The policy must be a JSON object, URL-encoded at most once.', { parameter });
  }
  if (text.length > maxPolicyCharacters) throw tooLarge();
  return text;
};

/**
 * The hosts and paths that the sender may have signed: each name of this server, with and without its port, and each of
 * these paths.
 */
export const placesOf = (
  context: DialectContext,
  paths: readonly string[],
): readonly { readonly host: string; readonly path: string }[] => {
  const hosts = signedHosts(context).flatMap((host) => [host, host.replace(/:\d+$/, '')]);
  return [...new Set(hosts)].flatMap((host) => [...new Set(paths)].map((path) => ({ host, path })));
};

/**
 * Refuses parameters that a signature over raw `k=v&k=v` cannot tell apart. Without this, a reader of a signed request
 * could move a boundary: hide `Policy=…` in the value before it, or split a value that holds `&Policy=…` in two. A
 * policy need not be clean: cut or grown, it is no longer JSON.
 */
export const refuseAmbiguous = (params: Params, policyName: RegExp): void => {
  for (const [name, value] of params) {
    if (/[&=]/.test(name)) throw new StsError('InvalidParameter', 'The name of a parameter must not hold & or =.');
    if (value.includes('&') && !policyName.test(name)) {
      throw new StsError('InvalidParameter', 'A signed parameter must not hold &.');
    }
  }
};

/** Returns the earlier of the two expirations of a reply, and undefined if it has neither. */
export const expirationOf = (text: unknown, seconds: unknown): Date | undefined => {
  const instants: number[] = [];
  const named = typeof text === 'string' ? readInstant(text) : undefined;
  if (named !== undefined) instants.push(named.getTime());
  // Until the year 9999, behind which a Date has no plain text.
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds > 0 && seconds < 253_402_300_800) {
    instants.push(seconds * 1000);
  }
  return instants.length === 0 ? undefined : new Date(Math.min(...instants));
};

/** `…Z` to the second, as both editions write it. */
export const instantText = (date: Date): string => `${secondText(date)}Z`;

/** Unix time, in whole seconds. */
export const unixSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** The SDKs read the first two. For the token, tools use either name, and each ignores the other. */
export const tencentVariableNames: VariableNames = {
  accessKeyId: 'TENCENTCLOUD_SECRET_ID',
  secretAccessKey: 'TENCENTCLOUD_SECRET_KEY',
  sessionToken: ['TENCENTCLOUD_TOKEN', 'TENCENTCLOUD_SECURITY_TOKEN'],
  region: 'TENCENTCLOUD_REGION',
};

/**
 * What a code of API 2.0 means; API 3.0 gateways answer in them too, at times.
 * https://cloud.tencent.com/document/product/213/1718 and cloud.tencent.com/doc/api/309/7025
 */
const classicMeanings: Readonly<Record<number, StsErrorCode>> = {
  4000: 'InvalidParameter',
  4100: 'SignatureMismatch',
  4101: 'AccessDenied',
  4102: 'AccessDenied',
  4103: 'AccessDenied',
  4104: 'UnknownKey',
  4105: 'InvalidToken',
  4106: 'AccessDenied',
  4110: 'AccessDenied',
  4200: 'RequestExpired',
  4300: 'AccessDenied',
  4400: 'Throttled',
  // A nonce seen before, or a clock too far off: the cloud does not say which.
  4500: 'RequestExpired',
  // HTTPS required: the endpoint of the account is written wrongly.
  4600: 'Misconfigured',
  5000: 'RoleNotFound',
  6000: 'CloudUnavailable',
  6100: 'UnsupportedOperation',
  6200: 'CloudUnavailable',
};

/** Returns the numeric code of an API 2.0 reply, which some products send as text, and undefined if it has none. */
export const classicCode = (code: unknown): number | undefined => {
  const number = typeof code === 'string' && /^-?\d{1,9}$/.test(code) ? Number(code) : code;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
};

/**
 * The meaning of an API 2.0 refusal: by its code; if that is not listed, by the hundred that it is of. From 6000 on, codes
 * are about the cloud itself; all others are about what was asked.
 */
export const classicMeaning = (code: number | undefined, status: number): StsErrorCode => {
  if (code === undefined || code === 0) return meaningBehind200(status, undefined);
  const known = classicMeanings[code] ?? classicMeanings[Math.floor(code / 100) * 100];
  return known ?? (code >= 6000 && code < 7000 ? 'CloudUnavailable' : meaningBehind200(status, code));
};
