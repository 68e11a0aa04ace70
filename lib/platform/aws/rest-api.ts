import { omitUndefined } from '../../core/omit-undefined.ts';
import { isObject } from '../../wire/json.ts';
import type { EventShape } from '../event-shape.ts';
import { bodyOf, headersOf, memberOf, queryOf, textOf } from '../event-text.ts';
import { authorizerClaims, gatewayIdentity } from '../gateway-identity.ts';
import { awsGateway } from './gateway.ts';

/** The claims of a Cognito authorizer, the context of a Lambda authorizer, who signed by IAM, and mutual TLS. */
const identityOf = (event: Record<string, unknown>) => {
  const authorizer = memberOf(event, 'requestContext', 'authorizer');
  const identity = memberOf(event, 'requestContext', 'identity');
  const cognito = memberOf(authorizer, 'claims');
  const { userArn, accountId, accessKey, user, caller, cognitoIdentityId } = isObject(identity) ? identity : {};
  const signer = textOf(identity, 'userArn');
  const claims = isObject(cognito)
    ? authorizerClaims('jwt', cognito)
    : signer !== undefined
      ? authorizerClaims(
          'iam',
          { userArn, accountId, accessKey, userId: user, callerId: caller, cognitoIdentityId },
          signer,
        )
      : authorizerClaims('lambda', authorizer, textOf(authorizer, 'principalId'));
  return gatewayIdentity(awsGateway(event), claims, textOf(identity, 'clientCert', 'clientCertPem'));
};

/**
 * AWS REST API, payload 1.0. It gives the query decoded, and we encode it again in the order given: so if a client
 * escapes otherwise, its TC3 signature over a GET cannot be verified. Payload 2.0 has no such limit.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const restApi: EventShape = {
  read: (event) => {
    const method = textOf(event, 'httpMethod');
    const path = textOf(event, 'path');
    const isAws = textOf(event, 'resource') !== undefined;
    if (!isAws || method === undefined || path === undefined) return undefined;
    return {
      method,
      path,
      query: queryOf(event['multiValueQueryStringParameters'], event['queryStringParameters']),
      headers: headersOf(event['multiValueHeaders'], event['headers']),
      body: bodyOf(event),
      ...omitUndefined({ sourceIp: textOf(event, 'requestContext', 'identity', 'sourceIp') }),
      ...identityOf(event),
    };
  },
  write: ({ status, headers, body }) => ({ statusCode: status, headers, body, isBase64Encoded: false }),
};
