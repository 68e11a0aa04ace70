import type { Answer, DialectContext } from '../../core/cloud.ts';
import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpRequest, HttpResponse } from '../../core/http.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { secondText } from '../../wire/instant.ts';
import { peekForm, peekQuery } from '../parameters.ts';
import { messageOf, volcengineErrors } from './errors.ts';
import { version } from './limits.ts';

/** `{ResponseMetadata: {…}, Result: {…}}` */
export const render = (answer: Answer, _request: TokenRequest, context: DialectContext): HttpResponse => {
  if (answer.kind === 'identity') return reply(200, {}, identity(answer.identity), context);
  if (answer.kind !== 'credentials') throw new StsError('Internal');
  return reply(200, {}, credentials(answer.credentials, context), context);
};

const credentials = (given: Credentials, { now }: DialectContext) => ({
  Credentials: {
    CurrentTime: `${secondText(now)}Z`,
    ExpiredTime: `${secondText(given.expiration)}Z`,
    AccessKeyId: given.accessKeyId,
    SecretAccessKey: given.secretAccessKey.reveal(),
    SessionToken: given.sessionToken.reveal(),
  },
  ...(given.subject === undefined
    ? {}
    : { AssumedRoleUser: { Trn: given.subject.arn, AssumedRoleId: given.subject.id } }),
});

/** https://www.volcengine.com/docs/6257/1902650. An account's id is a number, unless another system's is said here. */
const identity = ({ accountId, userId, arn, type }: Identity) => ({
  AccountId: /^[1-9]\d{0,14}$/.test(accountId) ? Number(accountId) : accountId,
  Trn: arn,
  IdentityType: type === 'role' ? 'Role' : 'User',
  IdentityId: userId,
});

/** A refusal: `{ResponseMetadata: {…, Error: {CodeN, Code, Message}}}`, without a Result. */
export const renderError = (error: StsError, context: DialectContext): HttpResponse => {
  const { code, status, number } = volcengineErrors[error.code];
  const said = { ...(number === undefined ? {} : { CodeN: number }), Code: code, Message: messageOf(error) };
  return reply(status, { Error: said }, undefined, context);
};

const reply = (
  status: number,
  extra: object,
  result: object | undefined,
  { request, requestId }: DialectContext,
): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'x-tt-logid': requestId },
  body: JSON.stringify({
    ResponseMetadata: {
      RequestId: requestId,
      Action: actionOf(request),
      Version: version,
      Service: 'sts',
      Region: regionOf(request),
      ...extra,
    },
    ...(result === undefined ? {} : { Result: result }),
  }),
});

/** Only what looks like the name of an operation is repeated. */
const actionOf = (request: HttpRequest): string => {
  const action = peekQuery(request).get('Action') ?? peekForm(request).get('Action') ?? '';
  return /^[A-Za-z]{1,64}$/.test(action) ? action : '';
};

/** The region that the signature names. */
const regionOf = ({ headers }: HttpRequest): string =>
  /^HMAC-SHA256 Credential=[^/,]+\/\d{8}\/([a-z\d-]{1,32})\//.exec(headers['authorization'] ?? '')?.[1] ?? 'cn-beijing';
