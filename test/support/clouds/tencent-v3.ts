import { tencentV3 } from '../../../lib/clouds/tencent-v3/cloud.ts';
import type { SignatureProof } from '../../../lib/core/caller.ts';
import type { Account, DialectContext } from '../../../lib/core/cloud.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { sign as signHmac } from '../../../lib/signers/qcloud-hmac.ts';
import { sign as signTc3 } from '../../../lib/signers/tc3.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import { fixturesOf } from '../cloud-fixtures.ts';

export const { provider, dialect, naming, variables } = tencentV3;

export const fixture = fixturesOf('tencent-v3');

export const now = new Date('2026-11-22T02:00:00Z');
export const key = { id: 'AKIDlong', secret: new Secret('long-term secret') };
export const version = '2018-08-13';
export const form = { 'content-type': 'application/x-www-form-urlencoded' };
export const contextOf = (request: HttpRequest, publicHosts: readonly string[] = []): DialectContext => ({
  request,
  requestId: 'a-request',
  now,
  publicHosts,
});

export const account = (changes: Partial<Account> = {}): Account => ({
  name: 'tencent',
  cloud: 'tencent-v3',
  endpoint: new URL('https://sts.tencentcloudapi.com'),
  key,
  ...changes,
});

export type Params = Readonly<Record<string, unknown>>;

export const get = (query: string, headers: HttpRequest['headers'] = {}): HttpRequest => ({
  method: 'GET',
  scheme: 'https',
  host: 'sts.tencentcloudapi.com',
  path: '/',
  query,
  headers,
  body: '',
});

export const post = (body: string, headers: HttpRequest['headers']): HttpRequest => ({
  ...get('', headers),
  method: 'POST',
  body,
});

export const actionHeaders = (action: string): HttpRequest['headers'] => ({
  'x-tc-action': action,
  'x-tc-version': version,
});

/** As an SDK would send it under TC3. */
export const tc3 = (action: string, body: unknown, more: HttpRequest['headers'] = {}): HttpRequest =>
  signTc3(
    post(typeof body === 'string' ? body : JSON.stringify(body), {
      'content-type': 'application/json',
      ...actionHeaders(action),
      ...more,
    }),
    key,
    { now, service: 'sts' },
  );

export const how = { now, nonce: 7, method: 'HmacSHA256', edition: '3.0' } as const;
export const pairsOf = (params: Params) =>
  Object.entries(params).map(([name, value]) => [name, String(value)] as const);

/** As an SDK would send it under the older signature. */
export const hmac = (action: string, params: Params): HttpRequest =>
  signHmac(post(writeQuery(pairsOf({ Action: action, Version: version, ...params })), form), key, how);

export const parse = (request: HttpRequest) => dialect.parse(contextOf(request));
export const proofOf = (request: HttpRequest, publicHosts: readonly string[] = []): SignatureProof => {
  const { proof } = dialect.parse(contextOf(request, publicHosts));
  if (proof.kind !== 'signature') throw new Error('There is no signature.');
  return proof;
};

export const policy = fixture('get-federation-token.policy.json').trim();
export const assume = { RoleArn: 'qcs::cam::uin/1:roleName/demo', RoleSessionName: 'abc' };
export const web = { ...assume, ProviderId: 'github', WebIdentityToken: 'header.payload.signature' };

/** The two ways of saying the same. */
export const ways = [
  { way: 'JSON under TC3', send: tc3 },
  { way: 'a form under HmacSHA256', send: hmac },
] as const;
