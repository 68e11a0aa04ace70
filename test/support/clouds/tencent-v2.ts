import { tencentV2 } from '../../../lib/clouds/tencent-v2/cloud.ts';
import type { SignatureProof } from '../../../lib/core/caller.ts';
import type { Account, DialectContext } from '../../../lib/core/cloud.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { sign } from '../../../lib/signers/qcloud-hmac.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import { fixturesOf } from '../cloud-fixtures.ts';

export const { provider, dialect, naming, variables } = tencentV2;

export const fixture = fixturesOf('tencent-v2');

export const now = new Date('2026-11-22T02:00:00Z');
export const key = { id: 'AKIDlong', secret: new Secret('long-term secret') };
export const form = { 'content-type': 'application/x-www-form-urlencoded' };
export const contextOf = (request: HttpRequest, publicHosts: readonly string[] = []): DialectContext => ({
  request,
  requestId: 'a-request',
  now,
  publicHosts,
});

export const account = (changes: Partial<Account> = {}): Account => ({
  name: 'qcloud',
  cloud: 'tencent-v2',
  endpoint: new URL('https://sts.api.qcloud.com'),
  key,
  ...changes,
});

export const get = (query: string): HttpRequest => ({
  method: 'GET',
  scheme: 'https',
  host: 'sts.api.qcloud.com',
  path: '/v2/index.php',
  query,
  headers: {},
  body: '',
});

export const post = (body: string, headers: HttpRequest['headers'] = form): HttpRequest => ({
  ...get(''),
  method: 'POST',
  headers,
  body,
});

export const how = { now, nonce: 7, method: 'HmacSHA256', edition: '2.0' } as const;
export const signedGet = (params: Readonly<Record<string, string>>): HttpRequest =>
  sign(get(writeQuery(Object.entries(params))), key, how);
export const signedPost = (params: Readonly<Record<string, string>>): HttpRequest =>
  sign(post(writeQuery(Object.entries(params))), key, how);

export const parse = (request: HttpRequest) => dialect.parse(contextOf(request));
export const proofOf = (request: HttpRequest, publicHosts: readonly string[] = []): SignatureProof => {
  const { proof } = dialect.parse(contextOf(request, publicHosts));
  if (proof.kind !== 'signature') throw new Error('There is no signature.');
  return proof;
};

export const assume = { Action: 'AssumeRole', roleArn: 'qcs::cam::uin/1:roleName/demo', roleSessionName: 'abc' };
export const federate = { Action: 'GetFederationToken', name: 'nickName' };
export const policy = '{"version":"2.0","statement":[{"effect":"allow","action":["name/cos:*"],"resource":"*"}]}';
