import { omitUndefined } from '../../core/omit-undefined.ts';
import type { EventShape } from '../event-shape.ts';
import { bodyOf, headersOf, textOf } from '../event-text.ts';
import { identityByHttpApi } from '../platform-identity.ts';

/**
 * AWS HTTP API payload 2.0, and Lambda function URLs, which took it over.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const apiGatewayV2: EventShape = {
  name: 'api-gateway-v2',
  read: (event) => {
    const method = textOf(event, 'requestContext', 'http', 'method');
    const path = textOf(event, 'rawPath');
    if (event['version'] !== '2.0' || method === undefined || path === undefined) return undefined;
    // A named stage stands before the path; callers did not sign it and routes do not know it.
    const stage = textOf(event, 'requestContext', 'stage');
    const prefix = stage === undefined || stage === '$default' ? '' : `/${stage}`;
    return {
      method,
      path: `${path}/`.startsWith(`${prefix}/`) ? path.slice(prefix.length) || '/' : path,
      query: textOf(event, 'rawQueryString') ?? '',
      headers: headersOf(event['headers']),
      body: bodyOf(event),
      ...omitUndefined({ sourceIp: textOf(event, 'requestContext', 'http', 'sourceIp') }),
      ...identityByHttpApi(event),
    };
  },
  write: ({ status, headers, body }) => ({ statusCode: status, headers, body, isBase64Encoded: false }),
};
