import type { Answer, DialectContext } from '../../core/cloud.ts';
import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { instantText, unixSeconds } from '../tencent.ts';
import { messageOf, tencentErrors } from './errors.ts';

/** Everything is HTTP 200: of another status the Node SDK reads no body, and loses the code. */
const reply = (response: object, { requestId }: DialectContext): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ Response: { ...response, RequestId: requestId } }),
});

/** `{Response: {…, RequestId}}` */
export const render = (answer: Answer, _request: TokenRequest, context: DialectContext): HttpResponse => {
  if (answer.kind === 'credentials') return reply(credentials(answer.credentials), context);
  if (answer.kind === 'identity') return reply(identity(answer.identity), context);
  throw new StsError('Internal');
};

const credentials = ({ accessKeyId, secretAccessKey, sessionToken, expiration }: Credentials) => ({
  Credentials: {
    Token: sessionToken.reveal(),
    TmpSecretId: accessKeyId,
    TmpSecretKey: secretAccessKey.reveal(),
  },
  ExpiredTime: unixSeconds(expiration),
  Expiration: instantText(expiration),
});

/** The service knows two types: a federated user is a user. */
const identity = ({ arn, accountId, userId, principalId, type }: Identity) => ({
  Arn: arn,
  AccountId: accountId,
  UserId: userId,
  PrincipalId: principalId ?? userId,
  Type: type === 'role' ? 'CAMRole' : 'CAMUser',
});

/** `{Response: {Error: {Code, Message}, RequestId}}` */
export const renderError = (error: StsError, context: DialectContext): HttpResponse =>
  reply({ Error: { Code: tencentErrors[error.code], Message: messageOf(error) } }, context);
