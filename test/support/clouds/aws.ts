import { aws } from '../../../lib/clouds/aws/cloud.ts';
import type { DialectContext } from '../../../lib/core/cloud.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import type { TokenRequest } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { writeQuery } from '../../../lib/wire/query.ts';

export const { dialect, provider, naming } = aws;
export const now = new Date('2026-11-22T01:34:16Z');
export const key = { id: 'AKIAFAKEEXAMPLE00001', secret: new Secret('fakeSecretAccessKeyForTestsOnly000000001') };
export const how = { now, region: 'us-east-1', service: 'sts' };
export const policy =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
export const arn = (name: string): string => `arn:aws:iam::123456789012:policy/${name}`;

export type Texts = Readonly<Record<string, string>>;
export const role = 'arn:aws:iam::123456789012:role/demo';
export const assume: Texts = { Action: 'AssumeRole', RoleArn: role, RoleSessionName: 'sess-1' };
export const federate: Texts = { Action: 'GetFederationToken', Name: 'Bob' };
export const session: Texts = { Action: 'GetSessionToken' };
export const webIdentity: Texts = {
  Action: 'AssumeRoleWithWebIdentity',
  RoleArn: role,
  RoleSessionName: 'sess-1',
  WebIdentityToken: 'eyJ.eyJ.sig',
};

export const bare: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'sts.amazonaws.com',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: '',
};
export const version = { Version: '2011-06-15' };
export const post = (params: Texts, change: Partial<HttpRequest> = {}): HttpRequest => ({
  ...bare,
  body: writeQuery(Object.entries({ ...version, ...params })),
  ...change,
});
export const get = (params: Texts): HttpRequest => ({
  ...bare,
  method: 'GET',
  headers: {},
  query: writeQuery(Object.entries({ ...version, ...params })),
});
export const context = (request: HttpRequest = bare): DialectContext => ({ request, requestId: 'request-1', now });
export const parse = (request: HttpRequest) => dialect.parse(context(request));
export const asked = (params: Texts): TokenRequest => parse(post(params)).request;
