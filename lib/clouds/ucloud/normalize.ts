import type { Credentials } from '../../core/credentials.ts';
import { StsError, type UpstreamRefusal } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { readInstant } from '../../wire/instant.ts';
import { member, readJson } from '../../wire/json.ts';
import { meaningOf } from './errors.ts';

/** What a reply of UCloud's AssumeRole means: whole credentials, or an StsError. */
export const normalize = (response: HttpResponse): Credentials => {
  const body = readJson(response.body);
  const retCode = numberOf(member(body, 'RetCode'));
  const requestId = response.headers['x-ucloud-request-uuid']?.slice(0, 128);
  const upstream: UpstreamRefusal = omitUndefined({
    status: response.status,
    code: retCode === undefined ? undefined : String(retCode),
    requestId,
  });
  const failed = retCode === undefined ? response.status !== 200 : retCode !== 0;
  if (failed) throw new StsError(meaningOf(retCode, response.status), undefined, { upstream });

  const credentials = member(body, 'Credentials');
  const accessKeyId = textOf(member(credentials, 'AccessKeyId'));
  const accessKeySecret = textOf(member(credentials, 'AccessKeySecret'));
  const securityToken = textOf(member(credentials, 'SecurityToken'));
  const expiration = readExpiration(member(credentials, 'Expiration'));
  // The page's own sample has `Credentials: {}` beside RetCode 0; without RetCode it is no answer of UCloud's at all.
  if (retCode !== 0 || !accessKeyId || !accessKeySecret || !securityToken || !expiration) {
    throw new StsError('CloudUnintelligible', undefined, { upstream });
  }
  return omitUndefined({
    accessKeyId,
    secretAccessKey: new Secret(accessKeySecret),
    sessionToken: new Secret(securityToken),
    expiration,
    upstreamRequestId: requestId,
  });
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** RetCode is a number that now and then comes as text, which the Go SDK mends too. */
const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'string') return /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
};

/** The page says "UTC time" without an example: RFC 3339, the same without a zone, and unix seconds are accepted. */
const readExpiration = (value: unknown): Date | undefined => {
  const seconds = numberOf(typeof value === 'string' && /^\d{10}$/.test(value) ? Number(value) : value);
  // A number beyond the year 5000 is not in seconds.
  if (seconds !== undefined) return seconds < 1e11 ? new Date(seconds * 1000) : undefined;
  return typeof value === 'string' ? readInstant(value, 'utc') : undefined;
};
