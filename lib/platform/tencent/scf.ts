import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Gateway } from '../../core/platform-identity.ts';
import type { EventShape } from '../event-shape.ts';
import { bodyOf, headersOf, queryOf, textOf } from '../event-text.ts';
import { authorizerClaims, gatewayIdentity } from '../gateway-identity.ts';

/** The key of Tencent's API gateway that a request was signed with. */
const identityOf = (event: Record<string, unknown>) => {
  const id = textOf(event, 'requestContext', 'serviceId');
  const secretId = textOf(event, 'requestContext', 'identity', 'secretId');
  const gateway: Gateway | undefined = id === undefined ? undefined : { platform: 'tencent', id };
  return gatewayIdentity(gateway, secretId === undefined ? undefined : authorizerClaims('key', { secretId }, secretId));
};

/**
 * Tencent Cloud SCF: events of its API gateway and of function URLs, `{body, headers, httpMethod, path, queryString}`.
 * https://cloud.tencent.com/document/product/583/12513 and https://cloud.tencent.com/document/product/583/96099
 */
export const scf: EventShape = {
  read: (event) => {
    const method = textOf(event, 'httpMethod') ?? textOf(event, 'requestContext', 'httpMethod');
    const path = textOf(event, 'path');
    if (method === undefined || path === undefined) return undefined;
    return {
      method,
      path,
      query: queryOf(event['queryString'], event['queryStringParameters']),
      headers: headersOf(event['headers']),
      body: bodyOf(event),
      ...omitUndefined({ sourceIp: textOf(event, 'requestContext', 'sourceIp') }),
      ...identityOf(event),
    };
  },
  write: ({ status, headers, body }) => ({ isBase64Encoded: false, statusCode: status, headers, body }),
};
