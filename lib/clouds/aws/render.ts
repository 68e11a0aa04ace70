import type { Answer, DialectContext } from '../../core/cloud.ts';
import type { Identity } from '../../core/credentials.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { secondText } from '../../wire/instant.ts';
import { escapeXml } from '../../wire/xml.ts';
import { awsErrors } from './errors.ts';
import { namespace } from './limits.ts';

const headers = (requestId: string) => ({
  'content-type': 'text/xml',
  // The only place where the JavaScript SDK looks for the request id.
  'x-amzn-requestid': requestId,
});

const tag = (name: string, text: string | undefined): string =>
  text === undefined ? '' : `<${name}>${escapeXml(text)}</${name}>`;

/** `…Z` to the second, as STS writes it. */
const instant = (date: Date): string => `${secondText(date)}Z`;

/** The reply of STS to the operation asked: `<OpResponse><OpResult>…</OpResult><ResponseMetadata>…`. */
export const render = (answer: Answer, request: TokenRequest, context: DialectContext): HttpResponse => {
  // Ours is the name of several ways to ask for the same.
  const operation = request.operation === 'IssueToken' ? 'GetWebIdentityToken' : request.operation;
  const { requestId } = context;
  if (answer.kind === 'identity' && wantsJson(context)) return identityJson(answer.identity, requestId);
  const body =
    `<${operation}Response xmlns="${namespace}"><${operation}Result>${members(answer, request)}</${operation}Result>` +
    `<ResponseMetadata>${tag('RequestId', requestId)}</ResponseMetadata></${operation}Response>`;
  return { status: 200, headers: headers(requestId), body };
};

const wantsJson = ({ request }: DialectContext): boolean =>
  (request.headers['accept'] ?? '').split(/[,;]/).some((type) => type.trim().toLowerCase() === 'application/json');

/**
 * STS answers in JSON to those who ask for it, which the service model does not say. The server of aws-iam-authenticator
 * asks so and reads nothing else: pkg/token/token.go of github.com/kubernetes-sigs/aws-iam-authenticator.
 */
const identityJson = ({ accountId, arn, userId }: Identity, requestId: string): HttpResponse => ({
  status: 200,
  headers: { ...headers(requestId), 'content-type': 'application/json' },
  body: JSON.stringify({
    GetCallerIdentityResponse: {
      GetCallerIdentityResult: { Account: accountId, Arn: arn, UserId: userId },
      ResponseMetadata: { RequestId: requestId },
    },
  }),
});

const members = (answer: Answer, request: TokenRequest): string => {
  if (answer.kind === 'identity') {
    const { arn, userId, accountId } = answer.identity;
    return tag('Arn', arn) + tag('UserId', userId) + tag('Account', accountId);
  }
  if (answer.kind === 'token') {
    return tag('Expiration', instant(answer.expiration)) + tag('WebIdentityToken', answer.token.reveal());
  }
  if (answer.kind !== 'credentials') throw new StsError('Internal');
  const { credentials } = answer;
  const { subject, webIdentity } = credentials;
  const user =
    subject === undefined
      ? ''
      : request.operation === 'GetFederationToken'
        ? `<FederatedUser>${tag('FederatedUserId', subject.id)}${tag('Arn', subject.arn)}</FederatedUser>`
        : request.operation === 'GetSessionToken'
          ? ''
          : `<AssumedRoleUser>${tag('AssumedRoleId', subject.id)}${tag('Arn', subject.arn)}</AssumedRoleUser>`;
  return (
    user +
    tag('SubjectFromWebIdentityToken', webIdentity?.subject) +
    tag('Audience', webIdentity?.audience) +
    tag('Provider', webIdentity?.provider) +
    `<Credentials>${tag('AccessKeyId', credentials.accessKeyId)}${tag('SecretAccessKey', credentials.secretAccessKey.reveal())}` +
    `${tag('SessionToken', credentials.sessionToken.reveal())}${tag('Expiration', instant(credentials.expiration))}</Credentials>` +
    tag('PackedPolicySize', credentials.packedPolicySize?.toString()) +
    tag('SourceIdentity', credentials.sourceIdentity)
  );
};

/** The full ErrorResponse document: with anything less, the official SDKs lose the code. */
export const renderError = (error: StsError, { requestId, now }: DialectContext): HttpResponse => {
  const { code, status } = awsErrors[error.code];
  const type = status >= 500 ? 'Receiver' : 'Sender';
  // STS begins this message so, and some clients look for the words.
  const message =
    error.code === 'RequestExpired' ? `Signature expired: the time here is ${instant(now)}` : error.message;
  const body =
    `<ErrorResponse xmlns="${namespace}"><Error>${tag('Type', type)}${tag('Code', code)}${tag('Message', message)}</Error>` +
    `${tag('RequestId', requestId)}</ErrorResponse>`;
  return { status, headers: headers(requestId), body };
};
