import { describe, expect, it } from 'vitest';
import { callUnsigned } from '../../../lib/clouds/tencent-v3/call.ts';
import type { Moment } from '../../../lib/core/cloud.ts';
import type { MintOperation, MintRequest } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import {
  account,
  dialect,
  form,
  get,
  key,
  now,
  type Params,
  parse,
  policy,
  proofOf,
  provider,
  web,
} from '../../support/clouds/tencent-v3.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const moment: Moment = { now, nonce: 4711 };

/** As authorization would make it. */
const minted = <Op extends MintOperation>(request: Params & { readonly operation: Op }): MintRequest<Op> =>
  ({
    account: 'tencent',
    grant: 'a',
    dialect: 'json',
    durationSeconds: 1800,
    ...request,
  }) as unknown as MintRequest<Op>;

describe('a call to Tencent Cloud API 3.0', () => {
  type Called = keyof typeof provider.operations;
  const encode = <Op extends Called>(request: Params & { readonly operation: Op }, at = account()) =>
    provider.operations[request.operation]?.encode(minted(request) as never, at) ?? get('');
  const signed = (request: Params & { readonly operation: Called }, at = account()) =>
    provider.sign(encode(request, at), at, key, moment);
  const assumption = {
    operation: 'AssumeRole',
    role: 'qcs::cam::uin/1:roleName/demo',
    sessionName: 'abc',
    policy,
    externalId: 'ext',
    tags: [
      { key: 'dept', value: '研发' },
      { key: 'k2', value: '' },
    ],
    sourceIdentity: '100000000001',
    serialNumber: 'qcs::cam:uin/1::mfa/softToken',
  } as const;
  const federation = { operation: 'GetFederationToken', name: 'SUN', policy } as const;
  const exchange = {
    operation: 'AssumeRoleWithWebIdentity',
    role: 'qcs::cam::uin/1:roleName/demo',
    sessionName: 'abc',
    webIdentityToken: new Secret('header.payload.signature'),
    providerId: 'github',
  } as const;

  it('is a POST of JSON with everything common in headers, for TC3', () => {
    expect(encode(federation)).toEqual({
      method: 'POST',
      scheme: 'https',
      host: 'sts.tencentcloudapi.com',
      path: '/',
      query: '',
      headers: {
        'content-type': 'application/json',
        'x-tc-action': 'GetFederationToken',
        'x-tc-version': '2018-08-13',
        'x-tc-region': 'ap-guangzhou',
      },
      body: JSON.stringify({
        Name: 'SUN',
        Policy: encodeURIComponent(policy).replace('*', '%2A'),
        DurationSeconds: 1800,
      }),
    });
  });

  it('is a POST of a form that says it all, for the older signatures', () => {
    const request = encode(federation, account({ signature: 'HmacSHA1', region: 'ap-beijing' }));
    expect(request.headers).toEqual(form);
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({
      Action: 'GetFederationToken',
      Version: '2018-08-13',
      Region: 'ap-beijing',
      Name: 'SUN',
      // Once for the service; the form itself has come off already.
      Policy: encodeURIComponent(policy).replace('*', '%2A'),
      DurationSeconds: '1800',
    });
  });

  it.each([undefined, 'TC3-HMAC-SHA256', 'HmacSHA256', 'HmacSHA1'])(
    'is understood by the dialect, signed by %s',
    (signature) => {
      const at = account({
        ...(signature === undefined ? {} : { signature }),
        endpoint: new URL('http://127.0.0.1:3000'),
      });
      for (const asked of [assumption, federation]) {
        const request = provider.sign(encode(asked, at), at, { ...key, token: new Secret('T') }, moment);
        expect(request).toMatchObject({ scheme: 'http', host: '127.0.0.1:3000' });
        expect(dialect.recognizes(request)).toBe(true);
        expect(parse(request).request).toEqual({
          ...asked,
          durationSeconds: 1800,
          defaultDurationSeconds: asked === assumption ? 7200 : 1800,
        });
        const proof = proofOf(request);
        expect(proof).toMatchObject({ accessKeyId: key.id });
        expect(proof.sessionToken?.reveal()).toBe('T');
        expect(proof.verify(key.secret)).toBe(true);
      }
      const identity = provider.identity?.encode(at) ?? get('');
      expect(parse(provider.sign(identity, at, key, moment)).request).toEqual({ operation: 'GetCallerIdentity' });
    },
  );

  it('is signed as it travels: for the service sts, with the port, and with the moment that was handed in', () => {
    const at = account({ endpoint: new URL('https://sts.internal.test:8443') });
    const { headers } = signed(federation, at);
    expect(headers['x-tc-timestamp']).toBe('1795312800');
    expect(headers['authorization']).toContain(
      `Credential=${key.id}/2026-11-22/sts/tc3_request, SignedHeaders=content-type;host;x-tc-action, `,
    );
    expect(signed(federation, account({ signature: 'HmacSHA256' })).body).toContain(
      '&Nonce=4711&SignatureMethod=HmacSHA256&Signature=',
    );
    expect(expectRefusal(() => signed(federation, account({ signature: 'RSA' }))).code).toBe('Misconfigured');
  });

  it('proves an exchanged identity token by nothing else, whatever the account signs by', () => {
    for (const at of [account(), account({ signature: 'HmacSHA1' })]) {
      const request = encode(exchange, at);
      expect(request.headers['authorization']).toBe('SKIP');
      const { request: asked, proof } = parse(request);
      expect(asked).toMatchObject({
        operation: 'AssumeRoleWithWebIdentity',
        providerId: 'github',
        durationSeconds: 1800,
      });
      expect(proof.kind === 'jwt' && proof.token.reveal()).toBe('header.payload.signature');
    }
  });

  it('sends the moment with it, as the SDKs do, where it is handed one', () => {
    const request = callUnsigned('AssumeRoleWithWebIdentity', account(), web, moment);
    expect(request.headers).toMatchObject({ authorization: 'SKIP', 'x-tc-timestamp': '1795312800' });
    expect(encode(exchange).headers).not.toHaveProperty('x-tc-timestamp');
  });

  it('takes the provider of an identity token from the account where the request names none, and needs one', () => {
    const { providerId: _, ...nameless } = exchange;
    const keyless = account({ webIdentity: { reference: 'file:token', providerId: 'eks' } });
    expect(JSON.parse(encode(nameless, keyless).body).ProviderId).toBe('eks');
    expect(JSON.parse(encode(exchange, keyless).body).ProviderId).toBe('github');
    expect(expectRefusal(() => encode(nameless)).code).toBe('MissingParameter');
  });

  it.each([
    ['policies by name', { ...assumption, policyArns: ['x'] }],
    ['keys of tags to pass on', { ...assumption, transitiveTagKeys: ['dept'] }],
    ['the tags of a federated user', { ...federation, tags: [{ key: 'k', value: 'v' }] }],
    ['a policy beside an identity token', { ...exchange, policy }],
    ['an external id beside an identity token', { ...exchange, externalId: 'ext' }],
  ])('does not drop %s that API 3.0 cannot carry', (_what, request) => {
    expect(expectRefusal(() => encode(request)).code).toBe('InvalidParameter');
  });

  it('needs a policy for a federated user', () => {
    const { policy: _, ...free } = federation;
    expect(expectRefusal(() => encode(free)).code).toBe('MissingParameter');
  });

  it('gives what the pages say', () => {
    expect(
      Object.fromEntries(Object.entries(provider.operations).map(([name, { seconds }]) => [name, seconds])),
    ).toEqual({
      AssumeRole: { min: 1, default: 7200, max: 43_200 },
      AssumeRoleWithWebIdentity: { min: 1, default: 7200, max: 43_200 },
      GetFederationToken: { min: 1, default: 1800, max: 129_600 },
    });
  });
});
