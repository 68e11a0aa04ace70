import { describe, expect, it } from 'vitest';
import { type Handler, handlerOf } from '../../../lib/app/functions/handler.ts';
import type { HttpResponse } from '../../../lib/core/http.ts';
import type { RawRequest } from '../../../lib/platform/raw-request.ts';
import { recorded } from '../../support/packaged/deployed.ts';

interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

const said: HttpResponse = { status: 418, headers: { 'x-one': 'two' }, body: 'ünï' };

/** A handler that keeps what arrived, and by what deadline it was to answer. */
const open = () => {
  const received: RawRequest[] = [];
  const deadlines: number[] = [];
  const handler: Handler = handlerOf(async (raw, deadline) => {
    received.push(raw);
    deadlines.push(deadline);
    return said;
  });
  const send = async (event: unknown, context: unknown = {}) => {
    const reply = (await handler(event, context)) as Reply;
    return { reply, raw: received.at(-1), deadline: deadlines.at(-1) };
  };
  return { handler, send };
};

/** A Lambda function URL's event, as its documentation shows it. */
const functionUrl = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/my/path',
  rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=a%20b',
  cookies: ['cookie1', 'cookie2'],
  headers: { Header1: 'value1', host: '<url-id>.lambda-url.us-west-2.on.aws' },
  requestContext: {
    accountId: '123456789012',
    apiId: '<urlid>',
    domainName: '<url-id>.lambda-url.us-west-2.on.aws',
    http: { method: 'POST', path: '/my/path', protocol: 'HTTP/1.1', sourceIp: '123.123.123.123', userAgent: 'agent' },
    requestId: 'id',
    routeKey: '$default',
    stage: '$default',
    time: '12/Mar/2020:19:03:58 +0000',
    timeEpoch: 1583348638390,
  },
  body: 'Hello from client!',
  isBase64Encoded: false,
};

/** A Tencent Cloud function URL's event: https://cloud.tencent.com/document/product/583/96099 */
const scfFunctionUrl = {
  body: 'Hello from client!',
  headers: { Host: '1253970226-abc.ap-guangzhou.tencentscf.com', 'Content-Type': 'application/json' },
  httpMethod: 'POST',
  path: '/my/path',
  queryString: { a: '1', b: 'two words', c: '' },
  requestContext: { sourceIp: '10.0.0.1' },
};

describe('one handler', () => {
  it.each([
    ['REST API', 'v1', '203.0.113.24'],
    ['HTTP API', 'v2', '203.0.113.24'],
    ['Tencent API gateway', 'scf', '203.0.113.24'],
  ])('reads the events of a %s', async (_name, shape, sourceIp) => {
    const { raw, reply } = await open().send(recorded(`assumeRole.${shape}`));
    expect(raw).toMatchObject({ method: 'POST', path: '/assumeRole', query: '', sourceIp });
    expect(raw?.headers['content-type']).toBe('application/json');
    expect(raw?.headers['host']).toMatch(/\.(amazonaws|myqcloud)\.com$/);
    expect(JSON.parse(Buffer.from(raw?.body ?? []).toString())).toMatchObject({ account: 'aws' });
    expect(reply).toEqual({ statusCode: 418, headers: { 'x-one': 'two' }, body: 'ünï', isBase64Encoded: false });
  });

  it('reads the events of a Lambda function URL', async () => {
    const { raw } = await open().send(functionUrl);
    expect(raw).toMatchObject({
      method: 'POST',
      path: '/my/path',
      query: 'parameter1=value1&parameter1=value2&parameter2=a%20b',
      headers: { header1: 'value1' },
      sourceIp: '123.123.123.123',
    });
  });

  it('reads the events of a Tencent Cloud function URL', async () => {
    const { raw } = await open().send(scfFunctionUrl);
    expect(raw).toMatchObject({
      method: 'POST',
      path: '/my/path',
      query: 'a=1&b=two%20words&c=',
      headers: { 'content-type': 'application/json' },
      sourceIp: '10.0.0.1',
    });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'GET /'],
    ['a list', []],
    ['an empty object', {}],
    ['a queue message', { Records: [{ eventSource: 'aws:sqs', body: '{}' }] }],
    ['a schedule', { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }],
    ['half an event', { httpMethod: 'POST' }],
    ['an event with numbers for texts', { httpMethod: 1, path: 2 }],
    ['a later version', { ...functionUrl, version: '3.0' }],
    ['an inherited path', Object.create({ httpMethod: 'GET', path: '/' })],
  ])('refuses %s', async (_name, event) => {
    await expect(open().send(event)).rejects.toMatchObject({ name: 'StsError', code: 'InvalidRequest' });
  });
});

describe('the body of an event', () => {
  const bodyOf = async (more: object): Promise<Buffer> => {
    const { raw } = await open().send({ ...functionUrl, ...more });
    return Buffer.from(raw?.body ?? []);
  };

  it('is its bytes, whether it came as text or in base64', async () => {
    expect((await bodyOf({ body: 'grün' })).toString()).toBe('grün');
    const bytes = Buffer.from([0xff, 0x00, 0xc3, 0xbc]);
    expect(await bodyOf({ body: bytes.toString('base64'), isBase64Encoded: true })).toEqual(bytes);
  });

  it.each([{ body: null }, { body: undefined }, { body: 1 }, { body: {} }])(
    'is empty where it is no text: %j',
    async (more) => {
      expect(await bodyOf(more)).toHaveLength(0);
    },
  );

  it('is not decoded for a flag that is not true', async () => {
    expect((await bodyOf({ body: 'YQ==', isBase64Encoded: 'true' })).toString()).toBe('YQ==');
  });
});

describe('the path of an HTTP API', () => {
  const pathOf = async (stage: string, rawPath: string) => {
    const { raw } = await open().send({
      ...functionUrl,
      rawPath,
      requestContext: { ...functionUrl.requestContext, stage },
    });
    return raw?.path;
  };

  it('loses its stage, and nothing else', async () => {
    expect(await pathOf('live', '/live/assumeRole')).toBe('/assumeRole');
    expect(await pathOf('live', '/live')).toBe('/');
    expect(await pathOf('live', '/live/')).toBe('/');
    expect(await pathOf('live', '/lively/assumeRole')).toBe('/lively/assumeRole');
    expect(await pathOf('live', '/assumeRole')).toBe('/assumeRole');
    expect(await pathOf('$default', '/live/assumeRole')).toBe('/live/assumeRole');
  });
});

describe('the query of a REST API', () => {
  const queryOf = async (multiValueQueryStringParameters: unknown, queryStringParameters: unknown = null) => {
    const event = { ...recorded('assumeRole.v1'), multiValueQueryStringParameters, queryStringParameters };
    return (await open().send(event)).raw?.query;
  };

  it('is written again from its parts, every value of a name', async () => {
    expect(await queryOf({ a: ['1', '2'], 'b&c': ['x=y z'] })).toBe('a=1&a=2&b%26c=x%3Dy%20z');
  });

  it('is made of single values if there are no lists', async () => {
    expect(await queryOf(null, { a: '1', b: '' })).toBe('a=1&b=');
  });

  it('survives what JSON can hold and UTF-8 cannot', async () => {
    expect(await queryOf({ a: ['\ud800'], b: [null, 1] })).toBe('a=%EF%BF%BD&b=&b=');
  });
});

describe('the headers of an event', () => {
  it('have lower-case names, and lists are joined', async () => {
    const { raw } = await open().send({
      ...recorded('assumeRole.v1'),
      headers: { 'X-One': 'last', 'X-Two': 'two' },
      multiValueHeaders: { 'X-One': ['first', 'last'], 'X-Number': 1 },
    });
    expect(raw?.headers).toEqual({ 'x-one': 'first, last', 'x-two': 'two' });
  });

  it.each([null, undefined, 'text', []])('may be missing: %j', async (headers) => {
    expect((await open().send({ ...functionUrl, headers, cookies: undefined })).raw?.headers).toEqual({});
  });
});

describe('the deadline of an answer', () => {
  it('leaves time to write the record before the platform cuts us off', async () => {
    const { send } = open();
    expect((await send(functionUrl, { getRemainingTimeInMillis: () => 6000 })).deadline).toBe(5500);
    expect((await send(functionUrl, { time_limit_in_ms: 3000 })).deadline).toBe(2500);
    expect((await send(functionUrl, { time_limit_in_ms: 60_000 })).deadline).toBe(10_000);
    expect((await send(functionUrl, undefined)).deadline).toBe(10_000);
  });
});
