import { omitUndefined } from '../../core/omit-undefined.ts';
import type { EventShape } from '../event-shape.ts';
import { bodyOf, headersOf, queryOf, textOf } from '../event-text.ts';
import { identityByRestApi } from '../platform-identity.ts';

/**
 * AWS REST API and payload 1.0. It hands the query over decoded: it is written again in the order given, so a TC3
 * signature over a GET whose client escaped otherwise cannot be verified behind it; payload 2.0 has no such limit.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const apiGatewayV1: EventShape = {
  name: 'api-gateway-v1',
  read: (event) => {
    const method = textOf(event, 'httpMethod');
    const path = textOf(event, 'path');
    const isAws = textOf(event, 'resource') !== undefined;
    if (!isAws || method === undefined || path === undefined) return undefined;
    return {
      method,
      path,
      query: queryOf(event['multiValueQueryStringParameters'], event['queryStringParameters']),
      headers: headersOf(event['headers'], event['multiValueHeaders']),
      body: bodyOf(event),
      ...omitUndefined({ sourceIp: textOf(event, 'requestContext', 'identity', 'sourceIp') }),
      ...identityByRestApi(event),
    };
  },
  write: ({ status, headers, body }) => ({ statusCode: status, headers, body, isBase64Encoded: false }),
};
