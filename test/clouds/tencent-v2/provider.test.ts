import { describe, expect, it } from 'vitest';
import type { MintOperation, MintRequest } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import {
  account,
  dialect,
  get,
  key,
  naming,
  now,
  parse,
  policy,
  proofOf,
  provider,
} from '../../support/clouds/tencent-v2.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const moment = { now, nonce: 4711 };

type Params = Readonly<Record<string, unknown>>;

/** As authorization would make it. */
const minted = <Op extends MintOperation>(request: Params & { readonly operation: Op }): MintRequest<Op> =>
  ({ account: 'qcloud', grant: 'a', dialect: 'json', durationSeconds: 1800, ...request }) as unknown as MintRequest<Op>;

describe('a call to Tencent Cloud API 2.0', () => {
  const encode = <Op extends 'AssumeRole' | 'GetFederationToken'>(
    request: Params & { readonly operation: Op },
    at = account(),
  ) => provider.operations[request.operation]?.encode(minted(request) as never, at) ?? get('');
  const assumption = { operation: 'AssumeRole', role: 'qcs::cam::uin/1:roleName/demo', sessionName: 'abc' } as const;
  const federation = { operation: 'GetFederationToken', name: 'nickName', policy } as const;

  it("is a POST of a form to the vendor's path, or to the operator's own", () => {
    expect(encode(assumption)).toEqual({
      form: expect.any(Map),
      method: 'POST',
      scheme: 'https',
      host: 'sts.api.qcloud.com',
      path: '/v2/index.php',
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=AssumeRole&roleArn=qcs%3A%3Acam%3A%3Auin%2F1%3AroleName%2Fdemo&roleSessionName=abc&durationSeconds=1800&Region=ap-guangzhou',
    });
    const elsewhere = account({ endpoint: new URL('http://127.0.0.1:3000/private/index.php'), region: 'gz' });
    expect(encode(assumption, elsewhere)).toMatchObject({
      scheme: 'http',
      host: '127.0.0.1:3000',
      path: '/private/index.php',
    });
    expect(encode(assumption, elsewhere).body).toContain('Region=gz');
  });

  it('encodes the policy once before the form does', () => {
    expect(new URLSearchParams(encode(federation).body).get('policy')).toBe(
      '%7B%22version%22%3A%222.0%22%2C%22statement%22%3A%5B%7B%22effect%22%3A%22allow%22%2C%22action%22%3A%5B%22name%2Fcos%3A%2A%22%5D%2C%22resource%22%3A%22%2A%22%7D%5D%7D',
    );
  });

  it.each([assumption, federation])('is understood by the dialect, signature and all: $operation', (asked) => {
    for (const signature of [undefined, 'HmacSHA1', 'HmacSHA256']) {
      const at = account(signature === undefined ? {} : { signature });
      const request = provider.sign(encode(asked, at), at, { ...key, token: new Secret('T') }, moment);
      expect(dialect.recognizes(request)).toBe(true);
      expect(parse(request).request).toEqual({ ...asked, durationSeconds: 1800, defaultDurationSeconds: 1800 });
      expect(proofOf(request)).toMatchObject({ accessKeyId: key.id, uniqueSignature: expect.any(String) });
      expect(proofOf(request).sessionToken?.reveal()).toBe('T');
      expect(proofOf(request).verify(key.secret)).toBe(true);
      expect(proofOf(request).verify(new Secret('another'))).toBe(false);
    }
  });

  it('is signed by HmacSHA256 unless the account says HmacSHA1, and by nothing else', () => {
    const signed = (signature?: string) => {
      const at = account(signature === undefined ? {} : { signature });
      return provider.sign(encode(assumption), at, key, moment).body;
    };
    expect(signed()).toContain('SignatureMethod=HmacSHA256');
    expect(signed('HmacSHA1')).toContain('SignatureMethod=HmacSHA1');
    expect(expectRefusal(() => signed('TC3-HMAC-SHA256')).code).toBe('Misconfigured');
  });

  it.each([
    ['a policy', { policy }],
    ['policies by name', { policyArns: ['x'] }],
    ['tags', { tags: [{ key: 'k', value: 'v' }] }],
    ['an external id', { externalId: 'xx' }],
    ['a source identity', { sourceIdentity: 'me' }],
    ['a second factor', { tokenCode: new Secret('123456') }],
  ])('does not drop %s that API 2.0 cannot carry', (_what, more) => {
    expect(expectRefusal(() => encode({ ...assumption, ...more })).code).toBe('InvalidParameter');
  });

  it('needs a policy for a federated user', () => {
    expect(expectRefusal(() => encode({ operation: 'GetFederationToken', name: 'nickName' })).code).toBe(
      'MissingParameter',
    );
  });

  it('says nothing that would travel unsigned', () => {
    expect(expectRefusal(() => encode({ ...assumption, sessionName: '@abc' }))).toMatchObject({
      code: 'InvalidParameter',
      message: 'roleSessionName must not begin with @: API 2.0 would not sign it.',
      detail: { parameter: 'roleSessionName' },
    });
  });

  it('gives what the pages say, and no identity', () => {
    expect(provider.operations.AssumeRole?.seconds).toEqual({ min: 1, default: 1800, max: 7200 });
    expect(provider.operations.GetFederationToken?.seconds).toEqual({ min: 1, default: 1800, max: 7200 });
    expect(Object.keys(provider.operations)).toEqual(['AssumeRole', 'GetFederationToken']);
    expect(provider.identity).toBeUndefined();
    expect(naming.seconds).toEqual({
      AssumeRole: { min: 1, default: 1800, max: 7200 },
      GetFederationToken: { min: 1, default: 1800, max: 7200 },
    });
  });
});
