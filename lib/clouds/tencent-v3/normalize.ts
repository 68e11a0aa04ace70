import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError, type UpstreamRefusal } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { member, memberText, readJson } from '../../wire/json.ts';
import { classicCode, classicMeaning, expirationOf } from '../tencent.ts';
import { meaningOf } from './errors.ts';

/** What a reply of API 3.0 means: whole credentials, or an StsError. */
export const normalize = (response: HttpResponse): Credentials => {
  const said = saidBy(response);
  const triad = member(said, 'Credentials');
  const accessKeyId = memberText(triad, 'TmpSecretId');
  const secretAccessKey = memberText(triad, 'TmpSecretKey');
  const sessionToken = memberText(triad, 'Token');
  // Expiration may be null, says the page of GetFederationToken.
  const expiration = expirationOf(member(said, 'Expiration'), member(said, 'ExpiredTime'));
  if (!accessKeyId || !secretAccessKey || !sessionToken || !expiration) throw unintelligible(said);
  return omitUndefined({
    accessKeyId,
    secretAccessKey: new Secret(secretAccessKey),
    sessionToken: new Secret(sessionToken),
    expiration,
    upstreamRequestId: requestIdOf(said),
  });
};

/** Who the account's key is. */
export const normalizeIdentity = (response: HttpResponse): Identity => {
  const said = saidBy(response);
  const [accountId, userId, arn] = ['AccountId', 'UserId', 'Arn'].map((name) => memberText(said, name));
  if (!accountId || !userId || !arn) throw unintelligible(said);
  const type = memberText(said, 'Type');
  return omitUndefined({
    accountId,
    userId,
    arn,
    principalId: memberText(said, 'PrincipalId'),
    type: type === 'CAMRole' ? ('role' as const) : type === 'CAMUser' ? ('user' as const) : undefined,
  });
};

/** The content of `{Response: …}` if it has no Error. */
const saidBy = ({ status, body }: HttpResponse): unknown => {
  const root = readJson(body);
  const said = member(root, 'Response');
  const error = member(said, 'Error') ?? undefined;
  const code = memberText(error, 'Code');
  // Gateways before the service answer in the envelope of API 2.0, at times.
  const classic = said === undefined ? classicCode(member(root, 'code')) : undefined;
  if (status === 200 && error === undefined && (classic === undefined || classic === 0)) return said;
  throw new StsError(classic === undefined ? meaningOf(code, status) : classicMeaning(classic, status), undefined, {
    upstream: upstreamOf(status, code ?? classic?.toString(), said),
  });
};

const requestIdOf = (said: unknown): string | undefined => memberText(said, 'RequestId')?.slice(0, 128);

const upstreamOf = (status: number, code: string | undefined, said: unknown): UpstreamRefusal =>
  omitUndefined({ status, code: code?.slice(0, 128), requestId: requestIdOf(said) });

const unintelligible = (said: unknown): StsError =>
  new StsError('CloudUnintelligible', undefined, { upstream: upstreamOf(200, undefined, said) });
