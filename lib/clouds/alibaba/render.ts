import type { Answer, DialectContext } from '../../core/cloud.ts';
import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest, HttpResponse } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { offersAcs3 } from '../../signers/acs3.ts';
import { secondText } from '../../wire/instant.ts';
import { escapeXml } from '../../wire/xml.ts';
import { peekForm, peekQuery } from '../parameters.ts';
import { errorOf, messageOf } from './errors.ts';
import { actions } from './limits.ts';

interface Members {
  readonly [name: string]: string | Members;
}

/** The reply to the operation asked, in JSON or in XML. */
export const render = (answer: Answer, request: TokenRequest, context: DialectContext): HttpResponse => {
  const action = Object.entries(actions).find(([, operation]) => operation === request.operation)?.[0];
  return reply(200, `${action}Response`, { RequestId: context.requestId, ...membersOf(answer, request) }, context);
};

const membersOf = (answer: Answer, request: TokenRequest): Members => {
  if (answer.kind === 'identity') return identity(answer.identity);
  if (answer.kind !== 'credentials') throw new StsError('Internal');
  return credentials(answer.credentials, request);
};

const credentials = (given: Credentials, { operation }: TokenRequest): Members => {
  const { subject, webIdentity } = given;
  return omitUndefined({
    AssumedRoleUser: subject === undefined ? undefined : { Arn: subject.arn, AssumedRoleId: subject.id },
    Credentials: {
      AccessKeyId: given.accessKeyId,
      AccessKeySecret: given.secretAccessKey.reveal(),
      SecurityToken: given.sessionToken.reveal(),
      Expiration: `${secondText(given.expiration)}Z`,
    },
    OIDCTokenInfo:
      operation === 'AssumeRoleWithWebIdentity' && webIdentity !== undefined
        ? omitUndefined({
            Subject: webIdentity.subject,
            Issuer: webIdentity.provider,
            ClientIds: webIdentity.audience,
          })
        : undefined,
    SourceIdentity: given.sourceIdentity,
  });
};

/** A federated user is none of its own at Alibaba Cloud: a user. */
const identity = ({ accountId, userId, arn, type, principalId }: Identity): Members => ({
  IdentityType: type === 'role' ? 'AssumedRoleUser' : 'RAMUser',
  AccountId: accountId,
  PrincipalId: principalId ?? userId,
  ...(type === 'role' ? { RoleId: userId.split(':', 1)[0] ?? userId } : { UserId: userId }),
  Arn: arn,
});

/** A refusal: its own status, and a body that is never empty, since the SDKs fail on one that is. */
export const renderError = (error: StsError, context: DialectContext): HttpResponse => {
  const { code, status } = errorOf(error);
  const members = {
    RequestId: context.requestId,
    HostId: plainHost(context.request),
    Code: code,
    Message: messageOf(error),
    Recommend: `https://api.aliyun.com/troubleshoot?q=${code}&product=Sts`,
  };
  return reply(status, 'Error', members, context);
};

/** The host asked for, if it looks like one. */
const plainHost = ({ host }: HttpRequest): string => (/^[\w.:[\]-]{1,255}$/.test(host) ? host : 'sts.aliyuncs.com');

/** The RPC style answers in XML unless its Format says JSON; ACS3 has no Format, and answers in JSON. */
const wantsXml = (request: HttpRequest): boolean => {
  if (offersAcs3(request)) return false;
  const params = [peekQuery(request), peekForm(request)];
  const format = params.map((each) => each.get('Format')).find((each) => each !== undefined);
  return format === undefined ? params.some((each) => each.has('SignatureMethod')) : format.toUpperCase() === 'XML';
};

const reply = (
  status: number,
  name: string,
  members: Members,
  { request, requestId }: DialectContext,
): HttpResponse => {
  const xml = wantsXml(request);
  return {
    status,
    headers: {
      // Written exactly so: with `text/xml` alone, the SDK takes a refusal for JSON.
      'content-type': xml ? 'text/xml;charset=utf-8' : 'application/json;charset=utf-8',
      'x-acs-request-id': requestId,
    },
    body: xml
      ? `<?xml version='1.0' encoding='UTF-8'?><${name}>${elements(members)}</${name}>`
      : JSON.stringify(members),
  };
};

const elements = (members: Members): string =>
  Object.entries(members)
    .map(([name, value]) => `<${name}>${typeof value === 'string' ? escapeXml(value) : elements(value)}</${name}>`)
    .join('');
