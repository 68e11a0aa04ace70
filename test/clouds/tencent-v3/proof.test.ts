import { createRequire } from 'node:module';
import type VendorSign from 'tencentcloud-sdk-nodejs/tencentcloud/common/sign.js';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { sign as signTc3 } from '../../../lib/signers/tc3.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import {
  actionHeaders,
  assume,
  dialect,
  fixture,
  form,
  get,
  hmac,
  key,
  now,
  pairsOf,
  parse,
  policy,
  post,
  proofOf,
  tc3,
  version,
  ways,
  web,
} from '../../support/clouds/tencent-v3.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const require = createRequire(import.meta.url);

describe('a proof in the words of Tencent Cloud API 3.0', () => {
  it.each(ways)('counts five minutes either way, in $way', ({ send }) => {
    const proof = proofOf(send('AssumeRole', assume));
    expect(proof).toMatchObject({
      accessKeyId: 'AKIDlong',
      valid: { from: new Date('2026-11-22T01:55:00Z'), until: new Date('2026-11-22T02:05:00Z') },
    });
    expect(proof.verify(key.secret)).toBe(true);
    expect(proof.verify(new Secret('another'))).toBe(false);
  });

  it('may not come again under the older signature, and may under TC3, which has no nonce', () => {
    expect(proofOf(hmac('AssumeRole', assume))).toMatchObject({
      scheme: 'qcloud-hmac',
      uniqueSignature: expect.any(String),
    });
    expect(proofOf(tc3('AssumeRole', assume))).toMatchObject({ scheme: 'tc3' });
    expect(proofOf(tc3('AssumeRole', assume)).uniqueSignature).toBeUndefined();
  });

  it('carries the token of a temporary triad, in a header or among the parameters', () => {
    expect(proofOf(tc3('AssumeRole', assume, { 'x-tc-token': 'T' })).sessionToken?.reveal()).toBe('T');
    expect(proofOf(hmac('AssumeRole', { ...assume, Token: 'T' })).sessionToken?.reveal()).toBe('T');
  });

  it('is good for a host with its port, as Go signs it, and without, as Node does', () => {
    const travels = (request: HttpRequest) => ({ ...request, host: '127.0.0.1:3000' });
    const signedFor = (host: string) =>
      travels(
        signTc3(
          { ...post('{}', { 'content-type': 'application/json', ...actionHeaders('GetCallerIdentity') }), host },
          key,
          { now, service: host.split('.')[0] ?? '' },
        ),
      );
    const valid = (host: string, ...publicHosts: string[]) => proofOf(signedFor(host), publicHosts).verify(key.secret);
    const hosts = ['127.0.0.1:3000', '127.0.0.1', 'mint.example.test:8443', 'mint.example.test'];
    expect(hosts.map((host) => valid(host))).toEqual([true, true, false, false]);
    expect(hosts.map((host) => valid(host, 'mint.example.test:8443'))).toEqual([false, false, true, true]);
    expect(valid('sts.tencentcloudapi.com')).toBe(false);
  });

  it.each(ways)('is good behind the prefix of a gateway, in $way: the path that is signed is always /', ({ send }) => {
    expect(proofOf({ ...send('AssumeRole', assume), path: '/release/' }).verify(key.secret)).toBe(true);
  });

  it("is good when made by the vendor's own signer", () => {
    const { default: Sign }: typeof VendorSign = require('tencentcloud-sdk-nodejs/tencentcloud/common/sign.js');
    const headers = { 'Content-Type': 'application/json' };
    const authorization = Sign.sign3({
      method: 'POST',
      url: 'http://127.0.0.1:3000/',
      payload: assume,
      timestamp: now.getTime() / 1000,
      service: '127',
      secretId: key.id,
      secretKey: key.secret.reveal(),
      multipart: false,
      boundary: '',
      headers,
    });
    const request = {
      ...post(JSON.stringify(assume), {
        'content-type': 'application/json',
        ...actionHeaders('AssumeRole'),
        'x-tc-timestamp': String(now.getTime() / 1000),
        authorization,
      }),
      host: '127.0.0.1:3000',
    };
    expect(proofOf(request).verify(key.secret)).toBe(true);
  });

  it("is good when made by the vendor's COS helper, principal, double encoding, missing SignatureMethod and all", async () => {
    const helper = require('qcloud-cos-sts') as {
      getCredential(options: object): Promise<{ credentials: object; expiredTime: number; startTime: number }>;
      getPolicy(scope: readonly object[]): object;
    };
    const axios = createRequire(require.resolve('qcloud-cos-sts'))('axios') as {
      defaults: { adapter: unknown };
    };
    const sent: { data: string; headers: Record<string, string> }[] = [];
    const { adapter } = axios.defaults;
    axios.defaults.adapter = async (config: { data: string; headers: Record<string, string> }) => {
      sent.push(config);
      return { data: JSON.parse(fixture('get-federation-token.reply.json')), status: 200, headers: {}, config };
    };
    try {
      const scope = [{ action: 'name/cos:PutObject', bucket: 'b-125', region: 'ap-beijing', prefix: '*' }];
      const made = helper.getPolicy(scope);
      const given = await helper.getCredential({
        secretId: key.id,
        secretKey: key.secret.reveal(),
        endpoint: 'sts.example.test:8443',
        policy: made,
        durationSeconds: 1800,
      });
      expect(given).toMatchObject({ credentials: { sessionToken: 'kTRt***' }, expiredTime: 1_686_719_217 });
      const request = { ...post(sent[0]?.data ?? '', form), host: 'sts.example.test:8443' };
      expect(dialect.recognizes(request)).toBe(true);
      expect(parse(request).request).toEqual({
        operation: 'GetFederationToken',
        name: 'cos-sts-nodejs',
        policy: JSON.stringify(made),
        durationSeconds: 1800,
        defaultDurationSeconds: 1800,
      });
      expect(proofOf(request).verify(key.secret)).toBe(true);
    } finally {
      axios.defaults.adapter = adapter;
    }
  });

  it('is the identity token itself where one is exchanged, and a signature beside it is not looked at', () => {
    const headers = { 'content-type': 'application/json', ...actionHeaders('AssumeRoleWithWebIdentity') };
    const requests = [
      post(JSON.stringify(web), { ...headers, authorization: 'SKIP' }),
      post(JSON.stringify(web), headers),
      tc3('AssumeRoleWithWebIdentity', web),
      post(JSON.stringify(web), { ...headers, authorization: 'TC3-HMAC-SHA256 nonsense' }),
      get(writeQuery(pairsOf({ Action: 'AssumeRoleWithWebIdentity', Version: version, ...web }))),
    ];
    for (const request of requests) {
      const { request: asked, proof } = parse(request);
      expect(asked).toMatchObject({
        operation: 'AssumeRoleWithWebIdentity',
        role: 'qcs::cam::uin/1:roleName/demo',
        sessionName: 'abc',
        providerId: 'github',
        defaultDurationSeconds: 7200,
      });
      expect(proof.kind === 'jwt' && proof.token.reveal()).toBe('header.payload.signature');
    }
  });

  it('is none where none is offered, for someone else to say whether that will do', () => {
    const headers = { 'content-type': 'application/json', ...actionHeaders('AssumeRole') };
    expect(parse(post(JSON.stringify(assume), headers)).proof).toEqual({ kind: 'none' });
    expect(parse(post(JSON.stringify(assume), { ...headers, authorization: 'SKIP' })).proof).toEqual({ kind: 'none' });
    expect(parse(get(writeQuery(pairsOf({ Action: 'AssumeRole', Version: version, ...assume })))).proof).toEqual({
      kind: 'none',
    });
  });

  it('says which part of it is missing or malformed', () => {
    const spoilt = (headers: HttpRequest['headers']) => {
      const request = tc3('AssumeRole', assume);
      return expectRefusal(() => parse({ ...request, headers: { ...request.headers, ...headers } }));
    };
    expect(spoilt({ 'x-tc-timestamp': '' })).toMatchObject({
      code: 'MissingParameter',
      detail: { parameter: 'Timestamp' },
    });
    expect(spoilt({ 'x-tc-timestamp': '1' }).code).toBe('MalformedAuthorization');
    expect(spoilt({ authorization: 'TC3-HMAC-SHA256 Credential=x' }).code).toBe('MalformedAuthorization');
    const { body } = hmac('AssumeRole', assume);
    const unsigned = post(body.replace(/&Signature=[^&]*/, ''), form);
    expect(expectRefusal(() => parse(unsigned))).toMatchObject({
      code: 'MissingParameter',
      detail: { parameter: 'Signature' },
    });
    expect(expectRefusal(() => parse(post(`${body}&SecretIdx=`, form))).code).toBe('UnknownParameter');
  });

  it('does not let the boundary between two signed parameters be moved', () => {
    // Both read `…&Nonce=7&Policy=…&RoleArn=…` in the text that is signed.
    const { body } = hmac('AssumeRole', { ...assume, ExternalId: 'ext', Policy: encodeURIComponent(policy) });
    const params = Object.fromEntries(new URLSearchParams(body));
    const { Policy = '', Nonce = '', ExternalId = '', ...rest } = params;
    const hidden = { ...rest, ExternalId, Nonce: `${Nonce}&Policy=${Policy}` };
    expect(expectRefusal(() => parse(post(writeQuery(pairsOf(hidden)), form))).code).toBe('InvalidParameter');
    const swallowed = { ...rest, Policy, DurationSeconds: `60&ExternalId=${ExternalId}`, Nonce };
    expect(expectRefusal(() => parse(post(writeQuery(pairsOf(swallowed)), form))).code).toBe('InvalidParameter');
  });

  it('takes an empty parameter that Go sends and does not sign for one that is absent', () => {
    const { body } = hmac('AssumeRole', assume);
    const request = post(`${body}&ExternalId=&Token=`, form);
    expect(parse(request).request).not.toHaveProperty('externalId');
    expect(proofOf(request).sessionToken).toBeUndefined();
    expect(proofOf(request).verify(key.secret)).toBe(true);
  });
});
