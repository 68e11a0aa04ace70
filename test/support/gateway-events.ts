import { demoRequestBody } from './app.ts';

type Members = Readonly<Record<string, unknown>>;

const usualHeaders = { host: 'x.example', 'content-type': 'application/json' };

/** A question to the JSON API as an HTTP API of AWS hands it over (payload 2.0). */
export const httpApiEvent = (context: Members = {}, headers: Members = {}, apiId = 'a1b2c3') => ({
  version: '2.0',
  rawPath: '/assumeRole',
  rawQueryString: '',
  headers: { ...usualHeaders, ...headers },
  requestContext: {
    accountId: '111122223333',
    apiId,
    http: { method: 'POST', path: '/assumeRole', sourceIp: '192.0.2.1' },
    ...context,
  },
  body: demoRequestBody,
  isBase64Encoded: false,
});

/** The same as a REST API of AWS hands it over (payload 1.0). */
export const restApiEvent = (context: Members = {}, headers: Members = {}) => ({
  resource: '/assumeRole',
  path: '/assumeRole',
  httpMethod: 'POST',
  headers: { ...usualHeaders, ...headers },
  requestContext: {
    accountId: '111122223333',
    apiId: 'a1b2c3',
    identity: { sourceIp: '192.0.2.1', userArn: null },
    ...context,
  },
  body: demoRequestBody,
  isBase64Encoded: false,
});

/** The same as Tencent's API gateway hands it over. */
export const scfEvent = (context: Members = {}, headers: Members = {}) => ({
  httpMethod: 'POST',
  path: '/assumeRole',
  headers: { ...usualHeaders, ...headers },
  requestContext: { serviceId: 'service-abc', sourceIp: '192.0.2.1', ...context },
  body: demoRequestBody,
});
