import type { Answer, DialectContext } from '../../core/cloud.ts';
import type { Credentials, Identity } from '../../core/credentials.ts';
import { StsError, type StsErrorCode } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/http.ts';
import type { TokenRequest } from '../../core/requests.ts';
import { tokenHeader } from '../../signers/sds-token.ts';
import { secondText } from '../../wire/instant.ts';
import { ecsErrors, managementError } from './errors.ts';
import { endpointOf } from './paths.ts';
import { type Tree, write } from './write.ts';

// ECS itself gives its id of a request in the document only. AWS's SDKs, which can speak to it, look in this header.
const identified = (requestId: string) => ({ 'x-amzn-requestid': requestId });

/** What ECS answers. */
export const render = (answer: Answer, { operation }: TokenRequest, context: DialectContext): HttpResponse => {
  const { request, requestId } = context;
  switch (answer.kind) {
    case 'credentials': {
      // The root is prefixed, and nothing in it is; the metadata come first.
      const tree = {
        ResponseMetadata: { RequestId: requestId },
        [`${operation}Result`]: result(answer.credentials, operation),
      };
      return write(request, 200, `ns2:${operation}Response xmlns:ns2="none"`, tree, identified(requestId));
    }
    case 'identity':
      return write(request, 200, 'user', user(answer.identity), identified(requestId));
    case 'login': {
      const token = answer.token.reveal();
      return write(
        request,
        200,
        'loggedIn',
        { user: answer.user },
        {
          ...identified(requestId),
          [tokenHeader]: token,
          // As ECS sets it, for clients that read it from there; it is not taken as a proof (see the dialect).
          'set-cookie': `X-SDS-AUTH-TOKEN=${token}; Path=/; HttpOnly; Secure; SameSite=Strict`,
        },
      );
    }
    case 'token':
    case 'leases':
      throw new StsError('Internal');
    case 'logout':
      return write(request, 200, 'loggedOut', { user: answer.user }, identified(requestId));
  }
};

const result = (credentials: Credentials, operation: TokenRequest['operation']): Tree => {
  const { subject, expiration } = credentials;
  const federated = operation === 'GetFederationToken';
  return {
    ...(subject === undefined
      ? {}
      : federated
        ? { FederatedUser: { Arn: subject.arn, FederatedUserId: subject.id } }
        : { AssumedRoleUser: { Arn: subject.arn, AssumedRoleId: subject.id } }),
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      // The page of GetFederationToken writes `+00:00` where that of AssumeRole writes `Z`.
      Expiration: `${secondText(expiration)}${federated ? '+00:00' : 'Z'}`,
      SecretAccessKey: credentials.secretAccessKey.reveal(),
      SessionToken: credentials.sessionToken.reveal(),
    },
    PackedPolicySize: credentials.packedPolicySize,
  };
};

/** As `/user/whoami` has it; the name is the last part of the identity's ARN. */
const user = ({ accountId, arn }: Identity): Tree => ({
  common_name: arn.slice(arn.lastIndexOf('/') + 1),
  distinguished_name: '',
  namespace: accountId,
  roles: {},
});

/** Proofs that the management side looks at before STS does; its 401 is what makes clients log in anew. */
const aboutToken: ReadonlySet<StsErrorCode> = new Set([
  'Unauthenticated',
  'UnknownKey',
  'InvalidToken',
  'TokenExpired',
]);

/** A refusal, in the words of the side that makes it: STS's own, or those of the management side before it. */
export const renderError = (error: StsError, { request, requestId }: DialectContext): HttpResponse => {
  const place = endpointOf(request.path);
  const issuing = place === 'sts' || place === 'iam';
  if (!issuing || (request.headers[tokenHeader] !== undefined && aboutToken.has(error.code))) {
    return managementRefusal(error, request, requestId);
  }
  const { code, status } = ecsErrors[error.code];
  const tree = {
    Error: { Type: status >= 500 ? 'Receiver' : 'Sender', Code: code, Message: error.message },
    RequestId: requestId,
  };
  return write(request, status, 'ErrorResponse', tree, identified(requestId));
};

const managementRefusal = (error: StsError, request: DialectContext['request'], requestId: string): HttpResponse => {
  const { code, status } = managementError(error);
  const tree = {
    code: Number(code),
    description: error.traits.title,
    details: error.message,
    retryable: error.traits.retryable,
  };
  const challenge = status === 401 ? { 'www-authenticate': 'Basic realm="ECS Management API"' } : {};
  return write(request, status, 'error', tree, { ...identified(requestId), ...challenge });
};
