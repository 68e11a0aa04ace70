import { omitUndefined } from '../../core/omit-undefined.ts';
import type { EventShape } from '../event-shape.ts';
import { bodyOf, headersOf, queryOf, textOf } from '../event-text.ts';
import { identityByTencent } from '../platform-identity.ts';

/**
 * Tencent Cloud SCF: API gateway events and function URL events, `{body, headers, httpMethod, path, queryString}`.
 * https://cloud.tencent.com/document/product/583/12513 and https://cloud.tencent.com/document/product/583/96099
 */
export const tencentScf: EventShape = {
  name: 'tencent-scf',
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
      ...identityByTencent(event),
    };
  },
  write: ({ status, headers, body }) => ({ isBase64Encoded: false, statusCode: status, headers, body }),
};
