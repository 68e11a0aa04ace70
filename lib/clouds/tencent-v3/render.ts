import type { Answer, Occasion } from '../../sts/cloud.ts';
import type { Credentials, Identity } from '../../sts/credentials.ts';
import { StsError } from '../../sts/errors.ts';
import type { HttpResponse } from '../../sts/http.ts';
import type { TokenRequest } from '../../sts/requests.ts';
import { instantText, unixSeconds } from '../tencent.ts';
import { messageOf, tencentErrors } from './errors.ts';

/** Everything is HTTP 200: of another status the Node SDK reads no body, and loses the code. */
const reply = (response: object, { requestId }: Occasion): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ Response: { ...response, RequestId: requestId } }),
});

/** `{Response: {…, RequestId}}` */
export const render = (answer: Answer, _request: TokenRequest, occasion: Occasion): HttpResponse => {
  if (answer.kind === 'credentials') return reply(credentials(answer.credentials), occasion);
  if (answer.kind === 'identity') return reply(identity(answer.identity), occasion);
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
export const renderError = (error: StsError, occasion: Occasion): HttpResponse =>
  reply({ Error: { Code: tencentErrors[error.code], Message: messageOf(error) } }, occasion);
