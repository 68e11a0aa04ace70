import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import type VendorSign from 'tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js';
import { describe, expect, it } from 'vitest';
import { tencentV2 } from '../../lib/clouds/tencent-v2/cloud.ts';
import { callUnsigned } from '../../lib/clouds/tencent-v3/call.ts';
import { tencentV3 } from '../../lib/clouds/tencent-v3/cloud.ts';
import type { SignatureProof } from '../../lib/core/caller.ts';
import type { Account, Answer, DialectContext, Moment } from '../../lib/core/cloud.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../lib/core/errors.ts';
import type { HttpRequest, HttpResponse } from '../../lib/core/http.ts';
import type { NamedSession } from '../../lib/core/naming.ts';
import type { MintOperation, MintRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign as signHmac } from '../../lib/signers/qcloud-hmac.ts';
import { sign as signTc3 } from '../../lib/signers/tc3.ts';
import { writeQuery } from '../../lib/wire/query.ts';

const { provider, dialect, naming, variables } = tencentV3;
const require = createRequire(import.meta.url);

const fixture = (name: string): string =>
  readFileSync(new URL(`../../lib/clouds/tencent-v3/fixtures/${name}`, import.meta.url), 'utf8');

const now = new Date('2026-11-22T02:00:00Z');
const key = { id: 'AKIDlong', secret: new Secret('long-term secret') };
const moment: Moment = { now, nonce: 4711 };
const version = '2018-08-13';
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const occasionOf = (request: HttpRequest, publicHosts: readonly string[] = []): DialectContext => ({
  request,
  requestId: 'a-request',
  now,
  publicHosts,
});

const account = (changes: Partial<Account> = {}): Account => ({
  name: 'tencent',
  cloud: 'tencent-v3',
  endpoint: new URL('https://sts.tencentcloudapi.com'),
  key,
  ...changes,
});

type Saying = Readonly<Record<string, unknown>>;

/** As authorization would make it. */
const minted = <Op extends MintOperation>(request: Saying & { readonly operation: Op }): MintRequest<Op> =>
  ({
    account: 'tencent',
    grant: 'a',
    dialect: 'json',
    durationSeconds: 1800,
    ...request,
  }) as unknown as MintRequest<Op>;

const get = (query: string, headers: HttpRequest['headers'] = {}): HttpRequest => ({
  method: 'GET',
  scheme: 'https',
  host: 'sts.tencentcloudapi.com',
  path: '/',
  query,
  headers,
  body: '',
});

const post = (body: string, headers: HttpRequest['headers']): HttpRequest => ({
  ...get('', headers),
  method: 'POST',
  body,
});

const said = (action: string): HttpRequest['headers'] => ({ 'x-tc-action': action, 'x-tc-version': version });

/** As an SDK would send it under TC3. */
const tc3 = (action: string, body: unknown, more: HttpRequest['headers'] = {}): HttpRequest =>
  signTc3(
    post(typeof body === 'string' ? body : JSON.stringify(body), {
      'content-type': 'application/json',
      ...said(action),
      ...more,
    }),
    key,
    { now, service: 'sts' },
  );

const how = { now, nonce: 7, method: 'HmacSHA256', edition: '3.0' } as const;
const pairsOf = (params: Saying) => Object.entries(params).map(([name, value]) => [name, String(value)] as const);

/** As an SDK would send it under the older signature. */
const hmac = (action: string, params: Saying): HttpRequest =>
  signHmac(post(writeQuery(pairsOf({ Action: action, Version: version, ...params })), form), key, how);

const parse = (request: HttpRequest) => dialect.parse(occasionOf(request));
const refusal = (act: () => unknown): StsError => {
  try {
    act();
  } catch (error) {
    if (error instanceof StsError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
};
const proofOf = (request: HttpRequest, publicHosts: readonly string[] = []): SignatureProof => {
  const { proof } = dialect.parse(occasionOf(request, publicHosts));
  if (proof.kind !== 'signature') throw new Error('There is no signature.');
  return proof;
};
const reply = (body: unknown, status = 200): HttpResponse => ({
  status,
  headers: {},
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const policy = fixture('get-federation-token.policy.json').trim();
const assume = { RoleArn: 'qcs::cam::uin/1:roleName/demo', RoleSessionName: 'abc' };
const federate = { Name: 'SUN', Policy: encodeURIComponent(policy) };
const web = { ...assume, ProviderId: 'github', WebIdentityToken: 'header.payload.signature' };

/** The two ways of saying the same. */
const ways = [
  { way: 'JSON under TC3', send: tc3 },
  { way: 'a form under HmacSHA256', send: hmac },
] as const;

describe('a request in the words of Tencent Cloud API 3.0', () => {
  it.each([
    ['a TC3 signature', get('', { authorization: 'TC3-HMAC-SHA256 Credential=…' }), true],
    ['an Authorization of SKIP', get('', { authorization: 'SKIP' }), true],
    ['an X-TC-Action', get('', { 'x-tc-action': 'AssumeRole' }), true],
    ['the Version in a query', get(`Action=AssumeRole&Version=${version}`), true],
    ['the Version in a form', post(`Version=${version}`, form), true],
    ['a SecretId and another Version', get('SecretId=AKID&Version=2017-03-12'), true],
    ['the path of API 2.0', { ...get(`SecretId=AKID&Version=${version}`), path: '/v2/index.php' }, false],
    ['the Version of AWS', get('Action=AssumeRole&Version=2011-06-15'), false],
    ['the signature of AWS', get('', { authorization: 'AWS4-HMAC-SHA256 Credential=…' }), false],
    ['an Authorization of something else', get('', { authorization: 'SKIPPED' }), false],
    ['nothing', get(''), false],
  ])('is known, or not, by %s', (_what, request, known) => {
    expect(dialect.recognizes(request)).toBe(known);
  });

  it("reads the GetFederationToken of the vendor's page, whose policy is encoded twice", () => {
    const query = fixture('get-federation-token.request.txt')
      .replaceAll('\n', '')
      .replace(/^.*\?/, '')
      .replace('&<Common request parameters>', '');
    const params = Object.fromEntries(new URLSearchParams(query));
    const request = signHmac(get(writeQuery(pairsOf({ ...params, Version: version }))), key, how);
    expect(parse(request).request).toEqual({
      operation: 'GetFederationToken',
      name: 'SUN',
      policy,
      defaultDurationSeconds: 1800,
    });
    expect(proofOf(request).verify(key.secret)).toBe(true);
    // The page's own bytes, whose inner layer leaves : , / and * as they are.
    expect(parse(get(`${query}&Version=${version}`)).request).toHaveProperty('policy', policy);
  });

  it.each(ways)('takes a policy under one layer of URL-encoding and under none, in $way', ({ send }) => {
    for (const Policy of [policy, encodeURIComponent(policy), encodeURI(policy)]) {
      expect(parse(send('GetFederationToken', { ...federate, Policy })).request).toHaveProperty('policy', policy);
    }
    const twice = send('GetFederationToken', { ...federate, Policy: encodeURIComponent(encodeURIComponent(policy)) });
    expect(refusal(() => parse(twice))).toMatchObject({ code: 'MalformedPolicy', detail: { parameter: 'Policy' } });
  });

  it('takes a policy of 8192 characters, each of which may be escaped, and none longer', () => {
    const sized = (length: number, letter: string) => `{"a":"${letter.repeat(length - 8)}"}`;
    const reads = (text: string) => parse(tc3('GetFederationToken', { ...federate, Policy: text })).request;
    expect(reads(encodeURIComponent(sized(8192, '研')))).toHaveProperty('policy', sized(8192, '研'));
    expect(refusal(() => reads(encodeURIComponent(sized(8193, 'a')))).code).toBe('PolicyTooLarge');
    expect(refusal(() => reads(sized(8193, 'a')))).toMatchObject({
      code: 'PolicyTooLarge',
      detail: { parameter: 'Policy' },
    });
  });

  it.each(ways)('reads every parameter of AssumeRole, in $way', ({ send, way }) => {
    const tags = way.startsWith('JSON')
      ? {
          Tags: [
            { Key: 'dept', Value: '研发' },
            { Key: 'k2', Value: '' },
          ],
        }
      : { 'Tags.0.Key': 'dept', 'Tags.0.Value': '研发', 'Tags.1.Key': 'k2', 'Tags.1.Value': '' };
    const { request } = parse(
      send('AssumeRole', {
        ...assume,
        ...tags,
        DurationSeconds: 43_200,
        Policy: encodeURIComponent(policy),
        ExternalId: 'ext:/-',
        SourceIdentity: '100000000001',
        SerialNumber: 'qcs::cam:uin/1::mfa/softToken',
        TokenCode: '123456',
      }),
    );
    expect(request).toMatchObject({
      operation: 'AssumeRole',
      role: 'qcs::cam::uin/1:roleName/demo',
      sessionName: 'abc',
      durationSeconds: 43_200,
      defaultDurationSeconds: 7200,
      policy,
      externalId: 'ext:/-',
      tags: [
        { key: 'dept', value: '研发' },
        { key: 'k2', value: '' },
      ],
      sourceIdentity: '100000000001',
      serialNumber: 'qcs::cam:uin/1::mfa/softToken',
    });
    expect('tokenCode' in request && request.tokenCode?.reveal()).toBe('123456');
  });

  it.each(ways)('reads GetCallerIdentity, which has no parameters, in $way', ({ send }) => {
    expect(parse(send('GetCallerIdentity', {})).request).toEqual({ operation: 'GetCallerIdentity' });
  });

  it('takes a JSON body that is not there for an empty one, and null for nothing', () => {
    expect(parse(tc3('GetCallerIdentity', '')).request).toEqual({ operation: 'GetCallerIdentity' });
    expect(parse(tc3('AssumeRole', { ...assume, Policy: null, Tags: null })).request).not.toHaveProperty('policy');
  });

  it("takes a number as text, as the vendor's command line sends it", () => {
    expect(parse(tc3('AssumeRole', { ...assume, DurationSeconds: '1800' })).request).toHaveProperty(
      'durationSeconds',
      1800,
    );
    expect(parse(tc3('AssumeRole', { ...assume, DurationSeconds: 1800.0 })).request).toHaveProperty(
      'durationSeconds',
      1800,
    );
  });

  it('reads a GET under TC3, whose query is signed as it travels', () => {
    const headers = { ...form, ...said('AssumeRole') };
    // Go writes a space as +, Node as %20; the order is the sender's.
    const query = 'RoleSessionName=abc&RoleArn=qcs%3A%3Acam%3A%3Auin%2F1%3Arole+name&DurationSeconds=60';
    const request = signTc3(get(query.replace('role+name', 'role%2B'), headers), key, { now, service: 'sts' });
    expect(parse(request).request).toMatchObject({ role: 'qcs::cam::uin/1:role+', durationSeconds: 60 });
    expect(proofOf(request).verify(key.secret)).toBe(true);
    const sorted = { ...request, query: request.query.split('&').sort().join('&') };
    expect(proofOf(sorted).verify(key.secret)).toBe(false);
  });

  it('reads a multipart form under TC3', () => {
    const part = (name: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const body = `${pairsOf(assume)
      .map(([name, value]) => part(name, value))
      .join('')}--b--\r\n`;
    const request = tc3('AssumeRole', body, { 'content-type': 'multipart/form-data; boundary=b' });
    expect(parse(request).request).toMatchObject({ operation: 'AssumeRole', sessionName: 'abc' });
    expect(proofOf(request).verify(key.secret)).toBe(true);
  });

  it.each(['AssumeRoleWithSAML', 'GetSessionToken', 'QueryApiKey'])('knows of %s, and does not have it', (action) => {
    for (const { send } of ways) expect(refusal(() => parse(send(action, {}))).code).toBe('UnsupportedOperation');
  });

  it.each(ways)('says what is wrong, in $way', ({ send }) => {
    const cases: readonly (readonly [string, Saying, StsErrorCode, string])[] = [
      ['AssumeRoll', {}, 'UnknownOperation', 'Action'],
      ['toString', {}, 'UnknownOperation', 'Action'],
      ['AssumeRole', { ...assume, RoleArn: '' }, 'MissingParameter', 'RoleArn'],
      ['AssumeRole', { RoleArn: 'x' }, 'MissingParameter', 'RoleSessionName'],
      ['AssumeRole', { ...assume, RoleArn: 'a b' }, 'InvalidParameter', 'RoleArn'],
      ['AssumeRole', { ...assume, RoleSessionName: 'a' }, 'InvalidParameter', 'RoleSessionName'],
      ['AssumeRole', { ...assume, RoleSessionName: 'a'.repeat(129) }, 'InvalidParameter', 'RoleSessionName'],
      ['AssumeRole', { ...assume, RoleSessionName: 'a/b' }, 'InvalidParameter', 'RoleSessionName'],
      ['AssumeRole', { ...assume, DurationSeconds: '1h' }, 'InvalidParameter', 'DurationSeconds'],
      ['AssumeRole', { ...assume, DurationSeconds: 1.5 }, 'InvalidParameter', 'DurationSeconds'],
      ['AssumeRole', { ...assume, DurationSeconds: -1 }, 'InvalidParameter', 'DurationSeconds'],
      ['AssumeRole', { ...assume, DurationSeconds: 0 }, 'InvalidDuration', 'DurationSeconds'],
      ['AssumeRole', { ...assume, DurationSeconds: 43_201 }, 'InvalidDuration', 'DurationSeconds'],
      ['AssumeRole', { ...assume, ExternalId: 'a' }, 'InvalidParameter', 'ExternalId'],
      ['AssumeRole', { ...assume, TokenCode: 'abcdef' }, 'InvalidParameter', 'TokenCode'],
      ['AssumeRole', { ...assume, Policy: '' }, 'InvalidParameter', 'Policy'],
      ['AssumeRole', { ...assume, Policy: '{' }, 'MalformedPolicy', 'Policy'],
      ['AssumeRole', { ...assume, Policy: `{"a":"${'a'.repeat(8192)}"}` }, 'PolicyTooLarge', 'Policy'],
      ['AssumeRole', { ...assume, RoleArm: 'x' }, 'UnknownParameter', 'RoleArm'],
      ['AssumeRole', { ...assume, Name: 'x' }, 'UnknownParameter', 'Name'],
      ['AssumeRole', { ...assume, Tags: 'x' }, send === tc3 ? 'InvalidParameter' : 'UnknownParameter', 'Tags'],
      ['GetCallerIdentity', { RoleArn: 'x' }, 'UnknownParameter', 'RoleArn'],
      ['GetFederationToken', { Policy: policy }, 'MissingParameter', 'Name'],
      ['GetFederationToken', { Name: 'SUN' }, 'MissingParameter', 'Policy'],
      ['GetFederationToken', { ...federate, Name: 'a b' }, 'InvalidParameter', 'Name'],
      ['GetFederationToken', { ...federate, DurationSeconds: 129_601 }, 'InvalidDuration', 'DurationSeconds'],
      ['AssumeRoleWithWebIdentity', { ...web, ProviderId: '' }, 'MissingParameter', 'ProviderId'],
      ['AssumeRoleWithWebIdentity', { ...web, WebIdentityToken: '' }, 'MissingParameter', 'WebIdentityToken'],
      ['AssumeRoleWithWebIdentity', { ...web, WebIdentityToken: 'a b c d' }, 'InvalidParameter', 'WebIdentityToken'],
      ['AssumeRoleWithWebIdentity', { ...web, Policy: policy }, 'UnknownParameter', 'Policy'],
    ];
    for (const [action, params, code, parameter] of cases) {
      expect
        .soft(
          refusal(() => parse(send(action, params))),
          `${action} ${JSON.stringify(params)}`,
        )
        .toMatchObject({
          code,
          detail: { parameter },
        });
    }
  });

  it('takes names that the page does not allow and its own helper sends', () => {
    expect(parse(tc3('GetFederationToken', { ...federate, Name: 'cos-sts-nodejs' })).request).toHaveProperty(
      'name',
      'cos-sts-nodejs',
    );
  });

  it.each([
    ['a number where text is meant', { ...assume, RoleArn: 7 }, 'RoleArn'],
    ['a list where text is meant', { ...assume, RoleSessionName: ['a'] }, 'RoleSessionName'],
    ['a truth where a number is meant', { ...assume, DurationSeconds: true }, 'DurationSeconds'],
    ['an object where a list is meant', { ...assume, Tags: { Key: 'a' } }, 'Tags'],
    ['text where a tag is meant', { ...assume, Tags: ['a'] }, 'Tags'],
    ['a number where the value of a tag is meant', { ...assume, Tags: [{ Key: 'a', Value: 1 }] }, 'Tags.0.Value'],
  ])('refuses JSON with %s', (_what, body, parameter) => {
    expect(refusal(() => parse(tc3('AssumeRole', body)))).toMatchObject({
      code: 'InvalidParameter',
      detail: { parameter },
    });
  });

  it.each([
    ['a tag without a key', [{ Value: 'v' }], 'MissingParameter'],
    ['two tags of one key', [{ Key: 'a' }, { Key: 'a' }], 'InvalidParameter'],
    ['a key that is too long', [{ Key: 'a'.repeat(129) }], 'InvalidParameter'],
    ['a value that is too long', [{ Key: 'a', Value: 'a'.repeat(257) }], 'InvalidParameter'],
    ['more than fifty tags', Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}` })), 'InvalidParameter'],
    ['a tag that says more', [{ Key: 'a', Colour: 'red' }], 'UnknownParameter'],
  ])('refuses %s', (_what, Tags, code) => {
    expect(refusal(() => parse(tc3('AssumeRole', { ...assume, Tags }))).code).toBe(code);
  });

  it('takes fifty tags, and two whose keys differ in case', () => {
    const Tags = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
    expect(parse(tc3('AssumeRole', { ...assume, Tags })).request).toHaveProperty('tags.length', 50);
    expect(parse(tc3('AssumeRole', { ...assume, Tags: [{ Key: 'a' }, { Key: 'A' }] })).request).toHaveProperty(
      'tags.length',
      2,
    );
  });

  it('refuses tags that a form numbers with a gap: those behind it would be lost', () => {
    const gap = { ...assume, 'Tags.0.Key': 'a', 'Tags.2.Key': 'b' };
    expect(refusal(() => parse(hmac('AssumeRole', gap))).code).toBe('InvalidParameter');
    expect(refusal(() => parse(hmac('AssumeRole', { ...assume, 'Tags.00.Key': 'a' }))).code).toBe('UnknownParameter');
  });

  it('refuses flattened names in JSON, where they could stand beside the list they flatten', () => {
    const body = { ...assume, Tags: [{ Key: 'a', Value: 'b' }], 'Tags.0.Key': 'c' };
    expect(refusal(() => parse(tc3('AssumeRole', body))).code).toBe('UnknownParameter');
  });

  it.each([
    [
      'no Action',
      post('{}', { 'content-type': 'application/json', authorization: 'SKIP', 'x-tc-version': version }),
      'MissingOperation',
    ],
    ['no Version', post('{}', { 'content-type': 'application/json', 'x-tc-action': 'AssumeRole' }), 'MissingParameter'],
    ['the Version of another product', get('Action=AssumeRole&Version=2017-03-12&SecretId=x'), 'UnsupportedVersion'],
    ['another method', { ...get('', said('AssumeRole')), method: 'PUT' }, 'MethodNotAllowed'],
    ['a GET with a body', { ...get('', said('AssumeRole')), body: '{}' }, 'InvalidRequest'],
    ['a POST of JSON with a query', { ...tc3('AssumeRole', assume), query: 'a=b' }, 'InvalidRequest'],
    ['a POST of nothing with a query', { ...tc3('AssumeRole', ''), query: 'RoleArn=x' }, 'InvalidRequest'],
    ['a form under TC3', tc3('AssumeRole', 'RoleArn=x', form), 'InvalidRequest'],
    ['a file under TC3', tc3('AssumeRole', '{}', { 'content-type': 'application/octet-stream' }), 'InvalidRequest'],
    [
      'JSON under the older signature',
      { ...hmac('AssumeRole', assume), headers: { 'content-type': 'application/json' }, query: 'SecretId=x' },
      'InvalidRequest',
    ],
    ['JSON that is none', tc3('AssumeRole', '{"RoleArn":'), 'InvalidRequest'],
    ['JSON that is no object', tc3('AssumeRole', '[]'), 'InvalidRequest'],
    ['JSON that nests too deep', tc3('AssumeRole', `{"Tags":${'['.repeat(40)}${']'.repeat(40)}}`), 'InvalidRequest'],
    [
      'a parameter that comes twice',
      get(`Version=${version}&Action=AssumeRole&Action=GetCallerIdentity`),
      'InvalidRequest',
    ],
  ] as const)('refuses %s', (_what, request, code) => {
    expect(refusal(() => parse(request)).code).toBe(code);
  });
});

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
    expect(proofOf(hmac('AssumeRole', assume))).toMatchObject({ scheme: 'qcloud-hmac', nonce: '1795312800 7' });
    expect(proofOf(tc3('AssumeRole', assume))).toMatchObject({ scheme: 'tc3' });
    expect(proofOf(tc3('AssumeRole', assume)).nonce).toBeUndefined();
  });

  it('carries the token of a temporary triad, in a header or among the parameters', () => {
    expect(proofOf(tc3('AssumeRole', assume, { 'x-tc-token': 'T' })).sessionToken?.reveal()).toBe('T');
    expect(proofOf(hmac('AssumeRole', { ...assume, Token: 'T' })).sessionToken?.reveal()).toBe('T');
  });

  it('is good for a host with its port, as Go signs it, and without, as Node does', () => {
    const travels = (request: HttpRequest) => ({ ...request, host: '127.0.0.1:3000' });
    const signedFor = (host: string) =>
      travels(
        signTc3({ ...post('{}', { 'content-type': 'application/json', ...said('GetCallerIdentity') }), host }, key, {
          now,
          service: '127',
        }),
      );
    const counts = (host: string) => proofOf(signedFor(host), ['sts.example.test:8443']).verify(key.secret);
    expect(['127.0.0.1:3000', '127.0.0.1', 'sts.example.test:8443', 'sts.example.test'].map(counts)).toEqual(
      Array(4).fill(true),
    );
    expect(counts('sts.tencentcloudapi.com')).toBe(false);
  });

  it.each(ways)('is good behind the prefix of a gateway, in $way: the path that is signed is always /', ({ send }) => {
    expect(proofOf({ ...send('AssumeRole', assume), path: '/release/' }).verify(key.secret)).toBe(true);
  });

  it("is good when made by the vendor's own signer", () => {
    const { default: Sign }: typeof VendorSign = require('tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js');
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
        ...said('AssumeRole'),
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
    const headers = { 'content-type': 'application/json', ...said('AssumeRoleWithWebIdentity') };
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
    const headers = { 'content-type': 'application/json', ...said('AssumeRole') };
    expect(parse(post(JSON.stringify(assume), headers)).proof).toEqual({ kind: 'none' });
    expect(parse(post(JSON.stringify(assume), { ...headers, authorization: 'SKIP' })).proof).toEqual({ kind: 'none' });
    expect(parse(get(writeQuery(pairsOf({ Action: 'AssumeRole', Version: version, ...assume })))).proof).toEqual({
      kind: 'none',
    });
  });

  it('says which part of it is missing or malformed', () => {
    const spoilt = (headers: HttpRequest['headers']) => {
      const request = tc3('AssumeRole', assume);
      return refusal(() => parse({ ...request, headers: { ...request.headers, ...headers } }));
    };
    expect(spoilt({ 'x-tc-timestamp': '' })).toMatchObject({
      code: 'MissingParameter',
      detail: { parameter: 'Timestamp' },
    });
    expect(spoilt({ 'x-tc-timestamp': '1' }).code).toBe('MalformedAuthorization');
    expect(spoilt({ authorization: 'TC3-HMAC-SHA256 Credential=x' }).code).toBe('MalformedAuthorization');
    const { body } = hmac('AssumeRole', assume);
    const unsigned = post(body.replace(/&Signature=[^&]*/, ''), form);
    expect(refusal(() => parse(unsigned))).toMatchObject({
      code: 'MissingParameter',
      detail: { parameter: 'Signature' },
    });
    expect(refusal(() => parse(post(`${body}&SecretIdx=`, form))).code).toBe('UnknownParameter');
  });

  it('does not let the boundary between two signed parameters be moved', () => {
    // Both read `…&Nonce=7&Policy=…&RoleArn=…` in the text that is signed.
    const { body } = hmac('AssumeRole', { ...assume, ExternalId: 'ext', Policy: encodeURIComponent(policy) });
    const params = Object.fromEntries(new URLSearchParams(body));
    const { Policy = '', Nonce = '', ExternalId = '', ...rest } = params;
    const hidden = { ...rest, ExternalId, Nonce: `${Nonce}&Policy=${Policy}` };
    expect(refusal(() => parse(post(writeQuery(pairsOf(hidden)), form))).code).toBe('InvalidParameter');
    const swallowed = { ...rest, Policy, DurationSeconds: `60&ExternalId=${ExternalId}`, Nonce };
    expect(refusal(() => parse(post(writeQuery(pairsOf(swallowed)), form))).code).toBe('InvalidParameter');
  });

  it('takes an empty parameter that Go sends and does not sign for one that is absent', () => {
    const { body } = hmac('AssumeRole', assume);
    const request = post(`${body}&ExternalId=&Token=`, form);
    expect(parse(request).request).not.toHaveProperty('externalId');
    expect(proofOf(request).sessionToken).toBeUndefined();
    expect(proofOf(request).verify(key.secret)).toBe(true);
  });
});

describe('an answer in the words of Tencent Cloud API 3.0', () => {
  const credentials = {
    accessKeyId: 'I',
    secretAccessKey: new Secret('K'),
    sessionToken: new Secret('T'),
    expiration: new Date('2030-01-01T00:00:00.999Z'),
  };
  const answer: Answer = { kind: 'credentials', credentials, account: 'a', cloud: 'authority', variables: [] };
  const context = occasionOf(get(''));
  const rendered = dialect.render(answer, { operation: 'GetFederationToken', name: 'x' }, context);
  const refused = (error: StsError) => JSON.parse(dialect.renderError(error, context).body).Response;

  it("has the shape of the vendor's page", () => {
    expect(rendered).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(rendered.body)).toEqual({
      Response: {
        Credentials: { Token: 'T', TmpSecretId: 'I', TmpSecretKey: 'K' },
        ExpiredTime: 1_893_456_000,
        Expiration: '2030-01-01T00:00:00Z',
        RequestId: 'a-request',
      },
    });
    const names = (value: object) => Object.keys(value).sort();
    const page = JSON.parse(fixture('get-federation-token.reply.json')).Response;
    expect(names(JSON.parse(rendered.body).Response)).toEqual(names(page));
  });

  it('is read back by the normalizer', () => {
    expect(provider.normalize(rendered, 'GetFederationToken')).toEqual({
      ...credentials,
      expiration: new Date('2030-01-01T00:00:00Z'),
      upstreamRequestId: 'a-request',
    });
  });

  it.each([
    ['role', 'CAMRole'],
    ['user', 'CAMUser'],
    ['federated', 'CAMUser'],
  ] as const)('says who a %s is', (type, Type) => {
    const identity = { accountId: '100', userId: '200', arn: 'qcs::cam:100:uin/200', principalId: '200', type };
    const response = dialect.render({ kind: 'identity', identity }, { operation: 'GetCallerIdentity' }, context);
    expect(JSON.parse(response.body)).toEqual({
      Response: {
        Arn: 'qcs::cam:100:uin/200',
        AccountId: '100',
        UserId: '200',
        PrincipalId: '200',
        Type,
        RequestId: 'a-request',
      },
    });
    expect(provider.identity?.normalize(response)).toEqual({ ...identity, type: type === 'role' ? 'role' : 'user' });
  });

  it('is HTTP 200 in a refusal too: of another status, the Node SDK would lose the code', () => {
    const response = dialect.renderError(new StsError('SignatureMismatch'), context);
    expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(response.body)).toEqual({
      Response: {
        Error: {
          Code: 'AuthFailure.SignatureFailure',
          Message: 'The provided credentials could not be validated. Please check your signature is correct.',
        },
        RequestId: 'a-request',
      },
    });
  });

  it.each<[what: string, error: StsError, Code: string, Message: string]>([
    [
      'an unknown key',
      new StsError('UnknownKey'),
      'AuthFailure.SecretIdNotFound',
      'The SecretId is not found, please ensure that your SecretId is correct.',
    ],
    [
      'a missing parameter',
      refusal(() => parse(tc3('AssumeRole', { RoleArn: 'x' }))),
      'MissingParameter',
      'The request is missing a required parameter `RoleSessionName`.',
    ],
    [
      'an unknown action',
      refusal(() => parse(tc3('AssumeRoll', {}))),
      'InvalidAction',
      'The request `Action` is invalid or not found.',
    ],
    [
      'no action',
      refusal(() => parse(tc3('', {}))),
      'MissingParameter',
      'The request is missing a required parameter `Action`.',
    ],
    [
      'an unknown parameter',
      refusal(() => parse(tc3('AssumeRole', { Rolf: 1 }))),
      'UnknownParameter',
      'The parameter `Rolf` is not recognized.',
    ],
    [
      'a nonce that is none',
      refusal(() => parse(post(hmac('AssumeRole', assume).body.replace('Nonce=7', 'Nonce=x'), form))),
      'InvalidParameter',
      'Parameter `Nonce` type error.',
    ],
  ])('says %s in the known words', (_what, error, Code, Message) => {
    expect(refused(error).Error).toEqual({ Code, Message });
  });

  it('keeps a sentence of ours that says more, and those of parameters without a name', () => {
    expect(refused(new StsError('RoleNotFound', 'The role does not exist.')).Error.Message).toBe(
      'The role does not exist.',
    );
    expect(refused(new StsError('MissingParameter', 'A policy is required.')).Error.Message).toBe(
      'A policy is required.',
    );
    expect(refused(new StsError('UnknownParameter')).Error.Message).toBe('A parameter is not known.');
    expect(refused(new StsError('UnsupportedOperation', 'Not here.')).Error).toEqual({
      Code: 'UnsupportedOperation',
      Message: 'Not here.',
    });
  });

  it.each([
    ['Unauthenticated', 'AuthFailure.InvalidAuthorization'],
    ['MalformedAuthorization', 'AuthFailure.InvalidAuthorization'],
    ['RequestExpired', 'AuthFailure.SignatureExpire'],
    ['RequestReplayed', 'AuthFailure.SignatureExpire'],
    ['InvalidToken', 'AuthFailure.TokenFailure'],
    ['TokenExpired', 'AuthFailure.TokenFailure'],
    ['InvalidIdentityToken', 'InvalidParameter.WebIdentityTokenError'],
    ['AccessDenied', 'UnauthorizedOperation'],
    ['RoleNotFound', 'ResourceNotFound.RoleNotFound'],
    ['InvalidDuration', 'InvalidParameter.OverTimeError'],
    ['MalformedPolicy', 'InvalidParameter.StrategyFormatError'],
    ['InvalidPolicy', 'InvalidParameter.StrategyInvalid'],
    ['InvalidPolicyResource', 'InvalidParameter.ResouceError'],
    ['PolicyTooLarge', 'InvalidParameter.PolicyTooLong'],
    ['Throttled', 'RequestLimitExceeded'],
    ['UnsupportedVersion', 'NoSuchVersion'],
    ['MethodNotAllowed', 'UnsupportedProtocol'],
    ['RequestTooLarge', 'RequestSizeLimitExceeded'],
    ['CloudUnavailable', 'ServiceUnavailable'],
    ['Internal', 'InternalError'],
  ] as const)('says %s as %s', (code, Code) => {
    expect(refused(new StsError(code)).Error.Code).toBe(Code);
  });

  it('means the same again, however often a refusal is passed on', () => {
    const passedOn = (code: StsErrorCode): StsErrorCode =>
      refusal(() => provider.normalize(dialect.renderError(new StsError(code), context), 'AssumeRole')).code;
    for (const code of Object.keys(stsErrors) as StsErrorCode[]) {
      expect(passedOn(passedOn(code))).toBe(passedOn(code));
    }
  });
});

describe('a reply of Tencent Cloud API 3.0', () => {
  const normalize = (response: HttpResponse) => provider.normalize(response, 'GetFederationToken');
  const page = () => JSON.parse(fixture('get-federation-token.reply.json'));
  const changed = (changes: object) => reply({ Response: { ...page().Response, ...changes } });

  it("gives the credentials of the vendor's page", () => {
    const credentials = normalize(reply(page()));
    expect(credentials).toMatchObject({
      accessKeyId: 'AKID***',
      expiration: new Date('2023-06-14T05:06:57Z'),
      upstreamRequestId: '59a5e07e-4147-4d2e-a808-dca76ac5b3fd',
    });
    expect(credentials.secretAccessKey.reveal()).toBe('Eo28***');
    expect(credentials.sessionToken.reveal()).toBe('kTRt***');
  });

  it('may leave Expiration null, as the page warns: ExpiredTime says it then', () => {
    expect(normalize(changed({ Expiration: null })).expiration).toEqual(new Date(1_686_719_217_000));
    expect(normalize(changed({ ExpiredTime: null })).expiration).toEqual(new Date('2023-06-14T05:06:57Z'));
    expect(refusal(() => normalize(changed({ Expiration: null, ExpiredTime: undefined })))).toMatchObject({
      code: 'CloudUnintelligible',
      detail: { upstream: { status: 200, requestId: '59a5e07e-4147-4d2e-a808-dca76ac5b3fd' } },
    });
  });

  it('ends at the earlier of the two instants that it names', () => {
    expect(normalize(changed({ ExpiredTime: 1_686_719_000 })).expiration).toEqual(new Date(1_686_719_000_000));
    expect(normalize(changed({ ExpiredTime: 1_686_720_000 })).expiration).toEqual(new Date('2023-06-14T05:06:57Z'));
  });

  it.each(['TmpSecretId', 'TmpSecretKey', 'Token'])('is unintelligible without a whole %s', (name) => {
    for (const value of ['', null, undefined, 7]) {
      const partial = changed({ Credentials: { ...page().Response.Credentials, [name]: value } });
      expect(refusal(() => normalize(partial)).code).toBe('CloudUnintelligible');
    }
  });

  it.each([
    ['no JSON', '<html>'],
    ['nothing', ''],
    ['JSON cut short', '{"Response":{"Credentials":{'],
    ['an empty Response', '{"Response":{}}'],
    ['no Response', '{}'],
    ['a Response that is text', '{"Response":"x"}'],
    ['a success of 2.0', '{"code":0,"message":"","data":{}}'],
  ])('is unintelligible where it is %s', (_what, body) => {
    expect(refusal(() => normalize(reply(body)))).toMatchObject({ code: 'CloudUnintelligible' });
  });

  it.each([
    ['AuthFailure.SignatureFailure', 'SignatureMismatch'],
    ['AuthFailure.SignatureExpire', 'RequestExpired'],
    ['AuthFailure.SecretIdNotFound', 'UnknownKey'],
    ['AuthFailure.InvalidSecretId', 'UnknownKey'],
    ['AuthFailure.TokenFailure', 'InvalidToken'],
    ['AuthFailure.UnauthorizedOperation', 'AccessDenied'],
    ['AuthFailure.SomethingNew', 'MalformedAuthorization'],
    ['AuthFailure', 'MalformedAuthorization'],
    ['UnauthorizedOperation', 'AccessDenied'],
    ['UnauthorizedOperation.CamNoAuth', 'AccessDenied'],
    ['ResourceNotFound.RoleNotFound', 'RoleNotFound'],
    ['InvalidParameter.AccountNotAvaliable', 'AccountRefused'],
    ['InvalidParameter.ExtendStrategyOverSize', 'PolicyTooLarge'],
    ['InvalidParameter.GrantOtherResource', 'AccessDenied'],
    ['InvalidParameter.OverTimeError', 'InvalidDuration'],
    ['InvalidParameter.ParamError', 'InvalidParameter'],
    ['InvalidParameter.PolicyTooLong', 'PolicyTooLarge'],
    ['InvalidParameter.ResouceError', 'InvalidPolicyResource'],
    ['InvalidParameter.StrategyFormatError', 'MalformedPolicy'],
    ['InvalidParameter.StrategyInvalid', 'InvalidPolicy'],
    ['InvalidParameter.TempCodeNotAvaliable', 'InvalidParameter'],
    ['InvalidParameter.WebIdentityTokenError', 'InvalidIdentityToken'],
    ['InternalError.DbError', 'CloudUnavailable'],
    ['InternalError.EncryptError', 'CloudUnavailable'],
    ['InternalError.GetAppIdError', 'CloudUnavailable'],
    ['InternalError.GetSeedTokenError', 'CloudUnavailable'],
    ['InternalError.SystemError', 'CloudUnavailable'],
    ['InternalError.IllegalRole', 'CloudRefused'],
    ['RequestLimitExceeded', 'Throttled'],
    ['RequestLimitExceeded.UinLimitExceeded', 'Throttled'],
    ['UnsupportedOperation', 'UnsupportedOperation'],
    ['InvalidAction', 'UnsupportedOperation'],
    ['FailedOperation.CheckMFAError', 'AccessDenied'],
    ['Unheard.Of', 'CloudRefused'],
    ['constructor', 'CloudRefused'],
    ['', 'CloudRefused'],
    [undefined, 'CloudRefused'],
  ])('that says %s means %s', (Code, meant) => {
    const error = refusal(() =>
      normalize(reply({ Response: { Error: { Code, Message: 'secret prose' }, RequestId: 'r' } })),
    );
    expect(error.code).toBe(meant);
    expect(error.detail.upstream).toEqual({ status: 200, requestId: 'r', ...(Code ? { code: Code } : {}) });
    expect(JSON.stringify(error.detail) + error.message).not.toContain('prose');
  });

  it('may come in the envelope of 2.0, from a gateway before the service', () => {
    expect(refusal(() => normalize(reply({ code: 4104, message: 'x', codeDesc: 'y' })))).toMatchObject({
      code: 'UnknownKey',
      detail: { upstream: { status: 200, code: '4104' } },
    });
    expect(refusal(() => normalize(reply({ code: '4400', message: 'x' }))).code).toBe('Throttled');
  });

  it('keeps no more than a bounded piece of a code', () => {
    const error = refusal(() =>
      normalize(reply({ Response: { Error: { Code: 'x'.repeat(1000) }, RequestId: 'r'.repeat(1000) } })),
    );
    expect(error.detail.upstream?.code).toHaveLength(128);
    expect(error.detail.upstream?.requestId).toHaveLength(128);
  });

  it.each([
    [429, 'Throttled'],
    [500, 'CloudUnavailable'],
    [503, 'CloudUnavailable'],
    [403, 'CloudRefused'],
    [302, 'CloudRefused'],
  ])('of status %i means %s, unless it says otherwise', (status, code) => {
    expect(refusal(() => normalize(reply('<html>', status)))).toMatchObject({ code, detail: { upstream: { status } } });
    expect(refusal(() => normalize(reply(page(), status))).code).toBe(code);
    const said = { Response: { Error: { Code: 'AuthFailure.TokenFailure' } } };
    expect(refusal(() => normalize(reply(said, status))).code).toBe('InvalidToken');
  });

  it('says who the account is, or is unintelligible', () => {
    const whole = {
      Arn: 'qcs::cam:1:uin/2',
      AccountId: '1',
      UserId: '2',
      PrincipalId: '2',
      Type: 'CAMUser',
      RequestId: 'r',
    };
    const identity = (changes: object) => provider.identity?.normalize(reply({ Response: { ...whole, ...changes } }));
    expect(identity({})).toEqual({
      arn: 'qcs::cam:1:uin/2',
      accountId: '1',
      userId: '2',
      principalId: '2',
      type: 'user',
    });
    expect(identity({ Type: 'Later', PrincipalId: null })).toEqual({
      arn: 'qcs::cam:1:uin/2',
      accountId: '1',
      userId: '2',
    });
    for (const name of ['Arn', 'AccountId', 'UserId']) {
      expect(refusal(() => identity({ [name]: '' })).code).toBe('CloudUnintelligible');
    }
  });

  it('is read without a crash, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.integer({ min: 100, max: 599 }), (body, status) => {
        expect(refusal(() => normalize(reply(body, status)))).toBeInstanceOf(StsError);
      }),
    );
  });
});

describe('a call to Tencent Cloud API 3.0', () => {
  type Called = keyof typeof provider.operations;
  const encode = <Op extends Called>(request: Saying & { readonly operation: Op }, at = account()) =>
    provider.operations[request.operation]?.encode(minted(request) as never, at) ?? get('');
  const signed = (request: Saying & { readonly operation: Called }, at = account()) =>
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
    expect(refusal(() => signed(federation, account({ signature: 'RSA' }))).code).toBe('Misconfigured');
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
    const keyless = account({ webIdentity: { providerId: 'eks', token: async () => new Secret('') } });
    expect(JSON.parse(encode(nameless, keyless).body).ProviderId).toBe('eks');
    expect(JSON.parse(encode(exchange, keyless).body).ProviderId).toBe('github');
    expect(refusal(() => encode(nameless)).code).toBe('MissingParameter');
  });

  it.each([
    ['policies by name', { ...assumption, policyArns: ['x'] }],
    ['keys of tags to pass on', { ...assumption, transitiveTagKeys: ['dept'] }],
    ['the tags of a federated user', { ...federation, tags: [{ key: 'k', value: 'v' }] }],
    ['a policy beside an identity token', { ...exchange, policy }],
    ['an external id beside an identity token', { ...exchange, externalId: 'ext' }],
  ])('does not drop %s that API 3.0 cannot carry', (_what, request) => {
    expect(refusal(() => encode(request)).code).toBe('InvalidParameter');
  });

  it('needs a policy for a federated user', () => {
    const { policy: _, ...free } = federation;
    expect(refusal(() => encode(free)).code).toBe('MissingParameter');
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

describe('the names of Tencent Cloud', () => {
  const session: NamedSession = {
    accountId: '100000000001',
    kind: 'role',
    roleName: 'demo',
    roleId: '4611686018427397919',
    callerId: '100000000002',
    callerName: 'ci',
    sessionName: 'abc',
  };

  it('call a role by its name and by its number', () => {
    expect(naming.roles('1', 'demo', '2')).toEqual(['qcs::cam::uin/1:roleName/demo', 'qcs::cam::uin/1:role/2']);
  });

  it('are numbers of their form, the same for the same seed and in both editions', () => {
    for (const kind of ['account', 'user', 'role'] as const) {
      const number = naming.identifier(kind, 'seed');
      expect(number).toMatch(kind === 'role' ? /^46\d{17}$/ : /^[1-9]\d{11}$/);
      expect(naming.identifier(kind, 'seed')).toBe(number);
      expect(tencentV2.naming.identifier(kind, 'seed')).toBe(number);
      expect(naming.identifier(kind, 'another')).not.toBe(number);
    }
  });

  it('say who a key, a role, a federated user and a session of a user are', () => {
    expect(naming.user('100', 'ci', '200')).toEqual({
      accountId: '100',
      userId: '200',
      arn: 'qcs::cam:100:uin/200',
      principalId: '200',
      type: 'user',
    });
    expect(naming.session(session)).toEqual({
      accountId: '100000000001',
      userId: '4611686018427397919:abc',
      arn: 'qcs::sts:100000000001:assumed-role/4611686018427397919',
      principalId: '100000000002',
      type: 'role',
    });
    expect(naming.session({ ...session, kind: 'federated' })).toEqual({
      accountId: '100000000001',
      userId: '100000000002:abc',
      arn: 'qcs::sts:100000000001:federated-user/100000000002',
      principalId: '100000000002',
      type: 'federated',
    });
    expect(naming.session({ ...session, kind: 'user' })).toMatchObject({
      arn: 'qcs::cam:100000000001:uin/100000000002',
      type: 'user',
    });
    expect(naming.subject(session)).toEqual({
      arn: 'qcs::sts:100000000001:assumed-role/4611686018427397919',
      id: '4611686018427397919:abc',
    });
  });

  it("give a temporary key an id like the vendor's", () => {
    const random = Uint8Array.from({ length: 20 }, (_, index) => index);
    expect(naming.accessKeyId(random)).toMatch(/^AKID[A-Za-z0-9]{32}$/);
    expect(naming.accessKeyId(random)).not.toBe(naming.accessKeyId(random.toReversed()));
  });

  it('have durations and a grammar', () => {
    expect(naming.grammar.name).toBe('cam');
    expect(naming.seconds).toEqual({
      AssumeRole: { min: 1, default: 7200, max: 43_200 },
      AssumeRoleWithWebIdentity: { min: 1, default: 7200, max: 43_200 },
      GetFederationToken: { min: 1, default: 1800, max: 129_600 },
    });
  });

  it("fill the environment of the vendor's tools", () => {
    const credentials = {
      accessKeyId: 'I',
      secretAccessKey: new Secret('K'),
      sessionToken: new Secret('T'),
      expiration: now,
    };
    expect(variables?.(credentials, account({ region: 'ap-beijing' }))).toContainEqual(['TENCENTCLOUD_TOKEN', 'T']);
    expect(variables?.(credentials, account())).toHaveLength(4);
  });
});

describe('the dialect of Tencent Cloud API 3.0', () => {
  it('reads anything at all without a crash, and quotes none of it', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('AssumeRole', 'GetFederationToken', version, policy, '1800'),
    );
    const name = fc.constantFrom(
      'Action',
      'Version',
      'SecretId',
      'Timestamp',
      'Nonce',
      'RoleArn',
      'Name',
      'Policy',
      'DurationSeconds',
      'Tags.0.Key',
      'x',
    );
    const secret = 'a-secret-that-must-not-return';
    const asForm = (params: Saying) => post(writeQuery(pairsOf({ ...params, Signature: secret, Token: secret })), form);
    const asJson = (params: Saying) =>
      tc3(String(params['Action']), { ...params, Policy: secret, RoleArn: secret }, { 'x-tc-token': secret });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.dictionary(name, word).map(asForm),
          fc.dictionary(name, fc.oneof(word, fc.jsonValue())).map(asJson),
        ),
        fc.string(),
        (request, junk) => {
          for (const asked of [request, { ...request, body: `${request.body}${junk}` }]) {
            try {
              parse(asked);
            } catch (error) {
              expect(error).toBeInstanceOf(StsError);
              expect(dialect.renderError(StsError.from(error), occasionOf(asked)).body).not.toContain(secret);
            }
          }
        },
      ),
    );
  });
});
