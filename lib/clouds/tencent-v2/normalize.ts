import type { Credentials } from '../../core/credentials.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { Secret } from '../../core/secret.ts';
import { member, readJson } from '../../wire/json.ts';
import { classicCode, classicMeaning, expirationOf } from '../tencent.ts';

/** What a reply of API 2.0 means: whole credentials, or an StsError. */
export const normalize = (response: HttpResponse): Credentials => {
  const { status } = response;
  const root = readJson(response.body);
  const code = classicCode(member(root, 'code'));
  if (status === 200 && code === 0) return credentials(member(root, 'data'));
  if (status === 200 && code === undefined) throw unintelligible();
  throw new StsError(classicMeaning(code, status), undefined, {
    upstream: { status, ...(code === undefined ? {} : { code: String(code) }) },
  });
};

const credentials = (data: unknown): Credentials => {
  const triad = member(data, 'credentials');
  const accessKeyId = member(triad, 'tmpSecretId');
  const secretAccessKey = member(triad, 'tmpSecretKey');
  // `sessionToken` in the pages' replies, `token` in their tables.
  const sessionToken = member(triad, 'sessionToken') ?? member(triad, 'token');
  const expiration = expirationOf(member(data, 'expiration'), member(data, 'expiredTime'));
  if (!isText(accessKeyId) || !isText(secretAccessKey) || !isText(sessionToken) || expiration === undefined) {
    throw unintelligible();
  }
  return {
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    expiration,
  };
};

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const unintelligible = (): StsError => new StsError('CloudUnintelligible', undefined, { upstream: { status: 200 } });
