import { ucloud } from '../../../lib/clouds/ucloud/cloud.ts';
import type { DialectContext } from '../../../lib/core/cloud.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import { fixturesOf } from '../cloud-fixtures.ts';

export const fixture = fixturesOf('ucloud');

export const { dialect, provider, naming } = ucloud;
export const now = new Date('2026-11-22T01:34:16Z');
export const key = { id: 'fakePublicKeyForTestsOnly0001', secret: new Secret('fakePrivateKeyForTestsOnly01') };
export const policy =
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":["uhost:DescribeUHostInstance"],"Resource":["*"]}]}';
export const wanted = {
  Action: 'AssumeRole',
  RoleUrn: 'ucs:iam::12345678:role/test-role',
  RoleSessionName: 'sess-1',
} as const;

export const bare: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'api.ucloud.cn',
  path: '/',
  query: '',
  headers: {},
  body: '',
};
export type Texts = Readonly<Record<string, string>>;
export const form = (params: Texts): HttpRequest => ({
  ...bare,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: writeQuery(Object.entries(params)),
});
export const context = (request: HttpRequest): DialectContext => ({ request, requestId: 'request-1', now });
export const parse = (request: HttpRequest) => dialect.parse(context(request));
