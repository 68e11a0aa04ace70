import { describe, expect, it } from 'vitest';
import { albShapes } from '../../../lib/platform/aws/alb.ts';
import type { EventShape } from '../../../lib/platform/event-shape.ts';
import { recorded } from '../../support/packaged/deployed.ts';

const shapeOf = (event: Record<string, unknown>): EventShape =>
  albShapes.find((shape) => shape.read(event) !== undefined) ?? expect.unreachable();

const single = recorded('assumeRole.alb');
const { headers, queryStringParameters, ...rest } = single as Record<string, Record<string, string>>;
const lists = (values: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
const multi = {
  ...rest,
  multiValueHeaders: lists(headers),
  multiValueQueryStringParameters: { ...lists(queryStringParameters), tag: ['a%20b', ''] },
};

describe('an event of a target group', () => {
  it.each([
    ['single values', single, 'note=a%2Bb'],
    ['lists of values', multi, 'note=a%2Bb&tag=a%20b&tag'],
  ])('with %s has the address that the load balancer saw, and the query as it was escaped', (_form, event, query) => {
    expect(shapeOf(event).read(event)).toMatchObject({
      method: 'POST',
      path: '/assumeRole',
      query,
      scheme: 'https',
      sourceIp: '203.0.113.24',
      headers: { host: 'sts.example.com', 'content-type': 'application/json' },
    });
  });

  it('is answered in the form in which it came', () => {
    const response = { status: 200, headers: { date: 'now' }, body: '{}' };

    expect(shapeOf(single).write(response)).toEqual({
      statusCode: 200,
      headers: { date: 'now' },
      body: '{}',
      isBase64Encoded: false,
    });
    expect(shapeOf(multi).write(response)).toEqual({
      statusCode: 200,
      multiValueHeaders: { date: ['now'] },
      body: '{}',
      isBase64Encoded: false,
    });
  });

  it.each([
    ['203.0.113.9:44321', '203.0.113.9'],
    ['[2001:db8::9]:44321', '2001:db8::9'],
    ['2001:db8::9', '2001:db8::9'],
  ])('has the address without the port that the load balancer may preserve: %s', (forwarded, address) => {
    const event = { ...single, headers: { ...headers, 'x-forwarded-for': `127.0.0.1, ${forwarded}` } };

    expect(shapeOf(event).read(event)?.sourceIp).toBe(address);
  });

  it('does not believe what a client says of its own address', () => {
    const event = { ...single, headers: { ...headers, 'x-forwarded-for': '127.0.0.1, 203.0.113.9' } };

    expect(shapeOf(event).read(event)?.sourceIp).toBe('203.0.113.9');
  });
});
