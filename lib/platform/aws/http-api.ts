import { omitUndefined } from '../../core/omit-undefined.ts';
import type { EventShape } from '../event-shape.ts';
import { bodyOf, headersOf, memberOf, textOf } from '../event-text.ts';
import { authorizerClaims, gatewayIdentity } from '../gateway-identity.ts';
import { awsGateway } from './gateway.ts';

/** What the authorizer of an HTTP API, or the IAM authorization of a function URL, found out, and mutual TLS. */
const identityOf = (event: Record<string, unknown>) => {
  const authorizer = memberOf(event, 'requestContext', 'authorizer');
  return gatewayIdentity(
    awsGateway(event),
    authorizerClaims('jwt', memberOf(authorizer, 'jwt', 'claims')) ??
      authorizerClaims('iam', memberOf(authorizer, 'iam'), textOf(authorizer, 'iam', 'userArn')) ??
      authorizerClaims('lambda', memberOf(authorizer, 'lambda')),
    textOf(event, 'requestContext', 'authentication', 'clientCert', 'clientCertPem'),
  );
};

/**
 * AWS HTTP API payload 2.0, and Lambda function URLs, which use the same format.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export const httpApi: EventShape = {
  read: (event) => {
    const method = textOf(event, 'requestContext', 'http', 'method');
    const path = textOf(event, 'rawPath');
    if (event['version'] !== '2.0' || method === undefined || path === undefined) return undefined;
    // A named stage precedes the path; callers did not sign it and routes do not know it.
    const stage = textOf(event, 'requestContext', 'stage');
    const prefix = stage === undefined || stage === '$default' ? '' : `/${stage}`;
    return {
      method,
      path: `${path}/`.startsWith(`${prefix}/`) ? path.slice(prefix.length) || '/' : path,
      query: textOf(event, 'rawQueryString') ?? '',
      headers: headersOf(event['headers']),
      body: bodyOf(event),
      ...omitUndefined({ sourceIp: textOf(event, 'requestContext', 'http', 'sourceIp') }),
      ...identityOf(event),
    };
  },
  write: ({ status, headers, body }) => ({ statusCode: status, headers, body, isBase64Encoded: false }),
};
