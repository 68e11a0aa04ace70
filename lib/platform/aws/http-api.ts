import { omitUndefined } from '../../core/omit-undefined.ts';
import { basePathOf, splitPath } from '../base-path.ts';
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

/** Cookies are not among the headers, and a signature may be over them. */
const cookieHeader = (cookies: unknown) =>
  Array.isArray(cookies) && cookies.length > 0 ? { cookie: cookies.join('; ') } : {};

/** The named stage that precedes the path of a route without a path of its own, `$default`. */
const stageOf = (event: Record<string, unknown>, path: string): string => {
  const stage = textOf(event, 'requestContext', 'stage');
  const prefix = stage === undefined || stage === '$default' ? '' : `/${stage}`;
  return `${path}/`.startsWith(`${prefix}/`) ? prefix : '';
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
    // A named stage precedes the path, and so does the base path of a domain: callers sign them, routes do not know them.
    const [, route = ''] = (textOf(event, 'routeKey') ?? '').split(' ');
    const basePath = basePathOf(path, route, event['pathParameters']) ?? stageOf(event, path);
    return {
      method,
      ...splitPath(path, basePath),
      query: textOf(event, 'rawQueryString') ?? '',
      headers: headersOf(event['headers'], cookieHeader(event['cookies'])),
      body: bodyOf(event),
      ...omitUndefined({ sourceIp: textOf(event, 'requestContext', 'http', 'sourceIp') }),
      ...identityOf(event),
    };
  },
  write: ({ status, headers, body }) => ({ statusCode: status, headers, body, isBase64Encoded: false }),
};
