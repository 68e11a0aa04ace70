import { Secret } from '../../lib/core/secret.ts';
import type { LocalAccess } from '../../lib/laptop/local-state.ts';
import { sign } from '../../lib/signers/sigv4.ts';

const host = 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com';

/** A POST as API Gateway hands it to a function (payload 2.0). */
const event = (path: string, headers: Readonly<Record<string, string>>, body: string): object => ({
  version: '2.0',
  routeKey: `POST ${path}`,
  rawPath: path,
  rawQueryString: '',
  headers: {
    accept: '*/*',
    'content-length': String(Buffer.byteLength(body)),
    host,
    'user-agent': 'bench',
    'x-amzn-trace-id': 'Root=1-6921c0aa-5d2b1f3a0c7e4b7f9a1d2e3f',
    'x-forwarded-for': '203.0.113.24',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
    ...headers,
  },
  requestContext: {
    accountId: '123456789012',
    apiId: 'a1b2c3d4e5',
    domainName: host,
    domainPrefix: 'a1b2c3d4e5',
    http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.24', userAgent: 'bench' },
    requestId: 'JKJaXmPLvHcESHA=',
    routeKey: `POST ${path}`,
    stage: '$default',
    time: '22/Nov/2026:07:02:50 +0000',
    timeEpoch: 1795330970000,
  },
  body: Buffer.from(body).toString('base64'),
  isBase64Encoded: true,
});

/** AssumeRole in the words of AWS, signed now by SigV4. */
export const sigv4Event = ({ accessKey, roles }: LocalAccess): object => {
  const body = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roles['aws'] ?? '',
    RoleSessionName: 'bench',
  }).toString();
  const type = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const { headers } = sign(
    { method: 'POST', scheme: 'https', host, path: '/', query: '', headers: type, body },
    { id: accessKey.id, secret: new Secret(accessKey.secret) },
    { now: new Date(), region: 'us-east-1', service: 'sts' },
  );
  return event('/', headers, body);
};

/** A request of the JSON API, with a JWT. */
export const jsonEvent = ({ token }: LocalAccess, path: string, body: object): object =>
  event(path, { 'content-type': 'application/json', authorization: `Bearer ${token}` }, JSON.stringify(body));
