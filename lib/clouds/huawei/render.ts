import type { Answer, DialectContext } from '../../core/cloud.ts';
import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { huaweiErrors, messageOf } from './errors.ts';

/** Plain JSON, its names in snake case. The SDKs look for the request id in the header alone. */
const reply = (status: number, members: object, requestId: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-request-id': requestId },
  body: JSON.stringify(members),
});

/** The reply to the operation asked. */
export const render = (answer: Answer, _request: TokenRequest, { requestId }: DialectContext): HttpResponse => {
  if (answer.kind === 'identity') return reply(200, identity(answer.identity), requestId);
  if (answer.kind !== 'credentials') throw new StsError('Internal');
  return reply(200, credentials(answer.credentials), requestId);
};

const credentials = (given: Credentials) =>
  omitUndefined({
    source_identity: given.sourceIdentity,
    assumed_agency: given.subject === undefined ? undefined : { urn: given.subject.arn, id: given.subject.id },
    credentials: {
      access_key_id: given.accessKeyId,
      secret_access_key: given.secretAccessKey.reveal(),
      security_token: given.sessionToken.reveal(),
      expiration: given.expiration.toISOString(),
    },
    subject_from_id_token: given.webIdentity?.subject,
    audience: given.webIdentity?.audience,
    provider: given.webIdentity?.provider,
  });

const identity = ({ accountId, arn, userId }: Identity) => ({
  account_id: accountId,
  principal_urn: arn,
  principal_id: userId,
});

/** A refusal: its own status, and `{error_code, error_msg, request_id}`. */
export const renderError = (error: StsError, { requestId }: DialectContext): HttpResponse => {
  const { code, status } = huaweiErrors[error.code];
  return reply(status, { error_code: code, error_msg: messageOf(error), request_id: requestId }, requestId);
};
