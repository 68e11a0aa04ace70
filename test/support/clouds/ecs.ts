import { ecs } from '../../../lib/clouds/ecs/cloud.ts';
import type { DialectContext } from '../../../lib/core/cloud.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import { fixturesOf } from '../cloud-fixtures.ts';

export const fixture = fixturesOf('ecs');

export const { dialect, provider, naming } = ecs;
export const now = new Date('2026-11-22T01:34:16Z');
export const key = { id: 'AKIAFAKEECS000000001', secret: new Secret('fakeSecretAccessKeyForTestsOnly000000001') };
export const how = { now, region: '', service: '' };
export const policy =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';

export type Texts = Readonly<Record<string, string>>;
export const wanted: Texts = {
  Action: 'AssumeRole',
  RoleArn: 'urn:ecs:iam::ns1:role/demo',
  RoleSessionName: 'sess-1',
};
export const federated: Texts = { Action: 'GetFederationToken', UserName: 'Bob' };

export const bare: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'ecs.example.test:4443',
  path: '/sts',
  query: '',
  headers: { accept: '*/*', 'x-sds-auth-token': 'TOKEN' },
  body: '',
};
export const post = (params: Texts, change: Partial<HttpRequest> = {}): HttpRequest => ({
  ...bare,
  query: writeQuery(Object.entries(params)),
  ...change,
});
export const at = (path: string, headers: Texts = {}, change: Partial<HttpRequest> = {}): HttpRequest => ({
  ...bare,
  method: 'GET',
  path,
  headers,
  ...change,
});
export const context = (request: HttpRequest): DialectContext => ({ request, requestId: 'a:b:c:d', now });
export const parse = (request: HttpRequest) => dialect.parse(context(request));
