import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import type { LoadAccess } from './load.ts';

/** The bytes of a request, as they travel over HTTP/1.1. */
const written = ({ method, path, host, headers, body }: HttpRequest): Buffer => {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(body);
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join('')}content-length: ${length}\r\n\r\n${body}`,
  );
};

const post = (host: string, type: string, body: string): HttpRequest => ({
  method: 'POST',
  scheme: 'http',
  host,
  path: '/',
  query: '',
  headers: { 'content-type': type, 'user-agent': 'bench' },
  body,
});

const parameters = (role: string, index: number) => ({
  Action: 'AssumeRole',
  Version: '2011-06-15',
  RoleArn: role,
  RoleSessionName: `bench-${index}`,
});

/** An AssumeRole like no other, signed now by SigV4. */
export const signedRequest = (host: string, { accessKey, roles }: LoadAccess, index: number): Buffer => {
  const body = new URLSearchParams(parameters(roles['aws'] ?? '', index)).toString();
  const key = { id: accessKey.id, secret: secretOf(accessKey.secret) };
  const how = { now: new Date(), region: 'us-east-1', service: 'sts' };
  return written(sign(post(host, 'application/x-www-form-urlencoded; charset=utf-8', body), key, how));
};

/** The same as JSON, with as many headers, for a server that only parses and answers. */
export const plainRequest = (host: string, index: number): Buffer => {
  const request = post(
    host,
    'application/json',
    JSON.stringify(parameters('arn:aws:iam::123456789012:role/demo', index)),
  );
  const headers = { ...request.headers, 'x-amz-date': '20261122T023416Z', authorization: 'x'.repeat(190) };
  return written({ ...request, headers });
};

const secrets = new Map<string, Secret>();

/** One Secret for one text: the keys that signers derive are kept by its identity. */
const secretOf = (text: string): Secret => {
  const kept = secrets.get(text) ?? new Secret(text);
  secrets.set(text, kept);
  return kept;
};
