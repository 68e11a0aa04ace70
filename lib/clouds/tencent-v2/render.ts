import type { Answer } from '../../core/cloud.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { instantText, unixSeconds } from '../tencent.ts';
import { classicErrors } from './errors.ts';

/** Everything is HTTP 200: the SDKs take another status for a broken line and read no further. */
const reply = (body: object): HttpResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** `{code, message, codeDesc, data}`. The pages' tables call the token `token`, their replies `sessionToken`. */
export const render = (answer: Answer, request: TokenRequest): HttpResponse => {
  if (answer.kind !== 'credentials') throw new StsError('Internal');
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = answer.credentials;
  return reply({
    code: 0,
    message: '',
    codeDesc: 'Success',
    data: {
      credentials: {
        sessionToken: sessionToken.reveal(),
        tmpSecretId: accessKeyId,
        tmpSecretKey: secretAccessKey.reveal(),
      },
      expiredTime: unixSeconds(expiration),
      // GetFederationToken says it in seconds only.
      ...(request.operation === 'AssumeRole' ? { expiration: instantText(expiration) } : {}),
    },
  });
};

/** `{code, message, codeDesc}` */
export const renderError = (error: StsError): HttpResponse => {
  const { code, codeDesc } = classicErrors[error.code];
  return reply({ code, message: error.message, codeDesc });
};
