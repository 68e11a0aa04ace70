import { omitUndefined } from '../../core/omit-undefined.ts';
import { isObject } from '../../wire/json.ts';
import type { EventShape } from '../event-shape.ts';
import { bodyOf, headersOf, memberOf, textOf } from '../event-text.ts';

/** Unlike other gateways, a load balancer hands names and values on as they were escaped. */
const escapedQuery = (parameters: unknown): string =>
  Object.entries(isObject(parameters) ? parameters : {})
    .flatMap(([name, value]) => [value].flat().map((one) => (one === '' ? name : `${name}=${String(one)}`)))
    .join('&');

/**
 * The last address is the one that the load balancer has appended, with the port if it is told to preserve that; those
 * before it are what the client says.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
 */
const lastAddress = (forwarded: string | undefined): string | undefined => {
  const last = forwarded?.split(',').at(-1)?.trim();
  const [, inBrackets, beforePort] = /^(?:\[([^\]]+)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+)$/.exec(last ?? '') ?? [];
  return inBrackets ?? beforePort ?? last;
};

/**
 * Target groups of an Application Load Balancer, whose setting decides whether headers and parameters have one value
 * each or lists of them; the answer must have the same form. The load balancer must append to `X-Forwarded-For`, as it
 * does by default. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
const alb = (multiValue: boolean): EventShape => ({
  read: (event) => {
    const method = textOf(event, 'httpMethod');
    const path = textOf(event, 'path');
    const isMultiValue = isObject(event['multiValueHeaders']);
    if (memberOf(event, 'requestContext', 'elb') === undefined || isMultiValue !== multiValue) return undefined;
    if (method === undefined || path === undefined) return undefined;
    const headers = headersOf(event[multiValue ? 'multiValueHeaders' : 'headers']);
    return {
      method,
      path,
      query: escapedQuery(event[multiValue ? 'multiValueQueryStringParameters' : 'queryStringParameters']),
      headers,
      body: bodyOf(event),
      scheme: headers['x-forwarded-proto'] === 'http' ? 'http' : 'https',
      ...omitUndefined({ sourceIp: lastAddress(headers['x-forwarded-for']) }),
    };
  },
  write: ({ status, headers, body }) => ({
    statusCode: status,
    ...(multiValue
      ? { multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])) }
      : { headers }),
    body,
    isBase64Encoded: false,
  }),
});

/** Both forms of a target group's events. */
export const albShapes: readonly EventShape[] = [alb(false), alb(true)];
