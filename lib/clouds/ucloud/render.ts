import type { Answer, DialectContext } from '../../core/cloud.ts';
import { StsError, type StsErrorCode } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { secondText } from '../../wire/instant.ts';
import { retCodes, wording } from './errors.ts';
import { peek } from './params.ts';

/** UCloud always answers with status 200; its SDKs read any other as a network failure. */
const reply = (requestId: string, body: object): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'x-ucloud-request-uuid': requestId },
  body: JSON.stringify(body),
});

/** The reply to AssumeRole. The text form of Expiration is not documented; clients read RFC 3339. */
export const render = (answer: Answer, { operation }: TokenRequest, { requestId }: DialectContext): HttpResponse => {
  if (answer.kind !== 'credentials') throw new StsError('Internal');
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = answer.credentials;
  return reply(requestId, {
    RetCode: 0,
    Action: `${operation}Response`,
    Credentials: {
      SecurityToken: sessionToken.reveal(),
      AccessKeyId: accessKeyId,
      AccessKeySecret: secretAccessKey.reveal(),
      Expiration: `${secondText(expiration)}Z`,
    },
  });
};

/** A refusal: the vendor's words if it has any, then ours. */
export const renderError = (error: StsError, { request, requestId }: DialectContext): HttpResponse => {
  const retCode = retCodes[error.code];
  const action = plainAction(peek(request)['Action']);
  const words = wording(retCode, retCode === 161 ? action : parameterOf(error));
  return reply(requestId, {
    RetCode: retCode,
    ...(action === undefined ? {} : { Action: `${action}Response` }),
    Message: words === undefined ? error.message : retCode === 230 ? `${words}: ${error.message}` : words,
  });
};

const aboutPolicy: ReadonlySet<StsErrorCode> = new Set([
  'MalformedPolicy',
  'InvalidPolicy',
  'InvalidPolicyResource',
  'PolicyTooLarge',
]);

/** The parameter at fault; the check of a policy does not know the parameter's name in this dialect. */
const parameterOf = ({ code, detail }: StsError): string | undefined =>
  detail.parameter ?? (aboutPolicy.has(code) ? 'Policy' : undefined);

/** Only what looks like a name of an operation is said back. */
const plainAction = (action: unknown): string | undefined =>
  typeof action === 'string' && /^[A-Za-z]{1,64}$/.test(action) ? action : undefined;
