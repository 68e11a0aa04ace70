import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError, type UpstreamRefusal } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { readInstant } from '../../wire/instant.ts';
import { member, memberText, readJson } from '../../wire/json.ts';
import { meaningOf } from './errors.ts';

/** What a reply of Alibaba Cloud STS means: whole credentials, or an StsError. Our calls ask for JSON. */
export const normalize = (response: HttpResponse): Credentials => {
  const said = saidBy(response);
  const triad = member(said, 'Credentials');
  const accessKeyId = memberText(triad, 'AccessKeyId');
  const accessKeySecret = memberText(triad, 'AccessKeySecret');
  const securityToken = memberText(triad, 'SecurityToken');
  const expiration = readInstant(memberText(triad, 'Expiration'));
  if (!accessKeyId || !accessKeySecret || !securityToken || !expiration) throw unintelligible(response, said);
  const user = member(said, 'AssumedRoleUser');
  const [arn, id] = [memberText(user, 'Arn'), memberText(user, 'AssumedRoleId')];
  const token = member(said, 'OIDCTokenInfo');
  const subject = memberText(token, 'Subject');
  return omitUndefined({
    accessKeyId,
    secretAccessKey: new Secret(accessKeySecret),
    sessionToken: new Secret(securityToken),
    expiration,
    subject: arn === undefined || id === undefined ? undefined : { arn, id },
    sourceIdentity: memberText(said, 'SourceIdentity'),
    webIdentity:
      subject === undefined
        ? undefined
        : omitUndefined({ subject, audience: memberText(token, 'ClientIds'), provider: memberText(token, 'Issuer') }),
    upstreamRequestId: requestIdOf(said),
  });
};

/** Who the account's key is. */
export const normalizeIdentity = (response: HttpResponse): Identity => {
  const said = saidBy(response);
  const [accountId, arn, principalId] = ['AccountId', 'Arn', 'PrincipalId'].map((name) => memberText(said, name));
  const userId = memberText(said, 'UserId') ?? principalId;
  if (!accountId || !arn || !userId) throw unintelligible(response, said);
  const type = memberText(said, 'IdentityType');
  return omitUndefined({
    accountId,
    userId,
    arn,
    principalId,
    type: type === 'AssumedRoleUser' ? ('role' as const) : type === undefined ? undefined : ('user' as const),
  });
};

/** The members of a reply that is no refusal. */
const saidBy = (response: HttpResponse): unknown => {
  const said = readJson(response.body);
  const { status } = response;
  const code = memberText(said, 'Code');
  if (status >= 200 && status < 300 && code === undefined) return said;
  throw new StsError(meaningOf(code, status), undefined, { upstream: upstreamOf(status, code, said) });
};

const requestIdOf = (said: unknown): string | undefined => memberText(said, 'RequestId')?.slice(0, 128);

const upstreamOf = (status: number, code: string | undefined, said: unknown): UpstreamRefusal =>
  omitUndefined({ status, code: code?.slice(0, 128), requestId: requestIdOf(said) });

const unintelligible = ({ status }: HttpResponse, said: unknown): StsError =>
  new StsError('CloudUnintelligible', undefined, { upstream: upstreamOf(status, undefined, said) });
