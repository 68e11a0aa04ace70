import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tencentV2 } from '../../lib/clouds/tencent-v2/cloud.ts';
import type { SignatureProof } from '../../lib/core/caller.ts';
import type { Account, Answer, DialectContext } from '../../lib/core/cloud.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../lib/core/errors.ts';
import type { HttpRequest, HttpResponse } from '../../lib/core/http.ts';
import type { MintOperation, MintRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/qcloud-hmac.ts';
import { writeQuery } from '../../lib/wire/query.ts';

const { provider, dialect, naming, variables } = tencentV2;

const fixture = (name: string): string =>
  readFileSync(new URL(`../../lib/clouds/tencent-v2/fixtures/${name}`, import.meta.url), 'utf8');

const now = new Date('2026-11-22T02:00:00Z');
const key = { id: 'AKIDlong', secret: new Secret('long-term secret') };
const moment = { now, nonce: 4711 };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const occasionOf = (request: HttpRequest, publicHosts: readonly string[] = []): DialectContext => ({
  request,
  requestId: 'a-request',
  now,
  publicHosts,
});

const account = (changes: Partial<Account> = {}): Account => ({
  name: 'qcloud',
  cloud: 'tencent-v2',
  endpoint: new URL('https://sts.api.qcloud.com'),
  key,
  ...changes,
});

type Saying = Readonly<Record<string, unknown>>;

/** As authorization would make it. */
const minted = <Op extends MintOperation>(request: Saying & { readonly operation: Op }): MintRequest<Op> =>
  ({ account: 'qcloud', grant: 'a', dialect: 'json', durationSeconds: 1800, ...request }) as unknown as MintRequest<Op>;

const get = (query: string): HttpRequest => ({
  method: 'GET',
  scheme: 'https',
  host: 'sts.api.qcloud.com',
  path: '/v2/index.php',
  query,
  headers: {},
  body: '',
});

const post = (body: string, headers: HttpRequest['headers'] = form): HttpRequest => ({
  ...get(''),
  method: 'POST',
  headers,
  body,
});

const how = { now, nonce: 7, method: 'HmacSHA256', edition: '2.0' } as const;
const signedGet = (params: Readonly<Record<string, string>>): HttpRequest =>
  sign(get(writeQuery(Object.entries(params))), key, how);
const signedPost = (params: Readonly<Record<string, string>>): HttpRequest =>
  sign(post(writeQuery(Object.entries(params))), key, how);

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

const assume = { Action: 'AssumeRole', roleArn: 'qcs::cam::uin/1:roleName/demo', roleSessionName: 'abc' };
const federate = { Action: 'GetFederationToken', name: 'nickName' };
const policy = '{"version":"2.0","statement":[{"effect":"allow","action":["name/cos:*"],"resource":"*"}]}';

describe('a request in the words of Tencent Cloud API 2.0', () => {
  const fromPage = (name: string) =>
    Object.fromEntries(
      new URLSearchParams(
        fixture(name).replaceAll('\n', '').replace(/^.*\?/, '').replace('&<Common request parameters>', ''),
      ),
    );

  it('is known by its path', () => {
    expect(dialect.recognizes(get(''))).toBe(true);
    expect(dialect.recognizes({ ...get('Action=AssumeRole'), path: '/' })).toBe(false);
  });

  it("reads the AssumeRole of the vendor's page", () => {
    const request = signedGet(fromPage('assume-role.request.txt'));
    expect(parse(request).request).toEqual({
      operation: 'AssumeRole',
      role: 'qcs::cam::uin/12345678:role/4611686018427397919',
      sessionName: 'abc',
      durationSeconds: 1800,
      defaultDurationSeconds: 1800,
    });
    expect(proofOf(request).verify(key.secret)).toBe(true);
  });

  it("reads the GetFederationToken of the vendor's page, whose policy is encoded once", () => {
    const request = signedGet(fromPage('get-federation-token.request.txt'));
    expect(parse(request).request).toMatchObject({ operation: 'GetFederationToken', name: 'nickName' });
    expect(parse(request).request).toHaveProperty('policy', fromPage('get-federation-token.request.txt')['policy']);
    expect(proofOf(request).verify(key.secret)).toBe(true);
  });

  it("reads the page's own bytes, lower-case escapes and all", () => {
    const query = fixture('assume-role.request.txt')
      .replaceAll('\n', '')
      .replace(/^.*\?/, '')
      .replace('&<Common request parameters>', '');
    expect(parse(get(query)).request).toMatchObject({ role: 'qcs::cam::uin/12345678:role/4611686018427397919' });
    expect(parse(get(query)).proof).toEqual({ kind: 'none' });
  });

  it("takes both policy and Policy: the page's request writes one, its table the other", () => {
    expect(parse(signedPost({ ...federate, policy })).request).toHaveProperty('policy', policy);
    expect(parse(signedPost({ ...federate, Policy: policy })).request).toHaveProperty('policy', policy);
    expect(refusal(() => parse(signedPost({ ...federate, policy, Policy: policy })))).toMatchObject({
      code: 'InvalidParameter',
      detail: { parameter: 'policy' },
    });
  });

  it('takes a policy under one layer of URL-encoding and under two', () => {
    const once = signedPost({ ...federate, policy });
    const twice = signedPost({ ...federate, policy: encodeURIComponent(policy) });
    expect(once.body).not.toBe(twice.body);
    expect(parse(once).request).toHaveProperty('policy', policy);
    expect(parse(twice).request).toHaveProperty('policy', policy);
    const thrice = signedPost({ ...federate, policy: encodeURIComponent(encodeURIComponent(policy)) });
    expect(refusal(() => parse(thrice)).code).toBe('MalformedPolicy');
  });

  it('leaves alone an escape that is part of the policy', () => {
    const escaped = '{"version":"2.0","statement":[],"x":"100%25"}';
    expect(parse(signedPost({ ...federate, policy: escaped })).request).toHaveProperty('policy', escaped);
    expect(parse(signedPost({ ...federate, policy: encodeURIComponent(escaped) })).request).toHaveProperty(
      'policy',
      escaped,
    );
  });

  it.each([
    ['no JSON', 'allow', 'MalformedPolicy'],
    ['JSON that is no object', '[]', 'MalformedPolicy'],
    ['broken escapes', '%7B%', 'MalformedPolicy'],
    ['a policy beyond every bound', `{"a":"${'a'.repeat(80_000)}"}`, 'PolicyTooLarge'],
    ['a policy just too large', `{"a":"${'a'.repeat(8192)}"}`, 'PolicyTooLarge'],
  ])('refuses %s for a policy', (_what, text, code) => {
    expect(refusal(() => parse(signedPost({ ...federate, policy: text })))).toMatchObject({
      code,
      detail: { parameter: 'policy' },
    });
  });

  it('reads a form that is posted', () => {
    expect(parse(signedPost({ ...assume, durationSeconds: '7200' })).request).toHaveProperty('durationSeconds', 7200);
    expect(proofOf(signedPost(assume)).verify(key.secret)).toBe(true);
  });

  it('reads a multipart form that is posted, as the Java SDK does', () => {
    const params = new URLSearchParams(signedPost(assume).body);
    const boundary = '---------------------------0123456789abcde';
    const part = ([name, value]: [string, string]) =>
      `\r\n--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}`;
    const body = `${[...params].map(part).join('')}\r\n--${boundary}--\r\n`;
    const request = post(body, { 'content-type': ` Multipart/form-data; boundary=${boundary}` });
    expect(parse(request).request).toMatchObject({ operation: 'AssumeRole', sessionName: 'abc' });
    expect(proofOf(request).verify(key.secret)).toBe(true);
    const file = body.replace('name="roleArn"', 'name="roleArn"; filename="x"');
    expect(refusal(() => parse({ ...request, body: file })).code).toBe('InvalidRequest');
  });

  it('reads the query of a POST that has no body', () => {
    const { query } = signedGet(assume);
    expect(parse({ ...post(''), query }).request).toMatchObject({ operation: 'AssumeRole' });
  });

  it.each([
    ['another method', { ...get(''), method: 'PUT' }, 'MethodNotAllowed'],
    ['a GET with a body', { ...get(''), headers: form, body: 'Action=AssumeRole' }, 'InvalidRequest'],
    ['parameters in the query and in the body', { ...post('Action=AssumeRole'), query: 'roleArn=x' }, 'InvalidRequest'],
    ['a body of JSON', post('{}', { 'content-type': 'application/json' }), 'InvalidRequest'],
    ['a parameter that comes twice', get('Action=AssumeRole&Action=AssumeRole'), 'InvalidRequest'],
    ['an escape that is not UTF-8', get('Action=%ff'), 'InvalidRequest'],
    [
      'a multipart body cut short',
      post('--b\r\n', { 'content-type': 'multipart/form-data; boundary=b' }),
      'InvalidRequest',
    ],
  ] as const)('refuses %s', (_what, request, code) => {
    expect(refusal(() => parse(request)).code).toBe(code);
  });

  it.each([
    ['no Action', {}, 'MissingOperation', 'Action'],
    ['an Action of nowhere', { Action: 'AssumeRoll' }, 'UnknownOperation', 'Action'],
    ['an Action of 3.0 only', { Action: 'GetCallerIdentity' }, 'UnknownOperation', 'Action'],
    ['no roleArn', { ...assume, roleArn: '' }, 'MissingParameter', 'roleArn'],
    ['a roleArn with a space', { ...assume, roleArn: 'a b' }, 'InvalidParameter', 'roleArn'],
    ['no roleSessionName', { ...assume, roleSessionName: '' }, 'MissingParameter', 'roleSessionName'],
    ['a roleSessionName of other letters', { ...assume, roleSessionName: 'é' }, 'InvalidParameter', 'roleSessionName'],
    [
      'a roleSessionName that is too long',
      { ...assume, roleSessionName: 'a'.repeat(129) },
      'InvalidParameter',
      'roleSessionName',
    ],
    ['a duration that is no number', { ...assume, durationSeconds: '1h' }, 'InvalidParameter', 'durationSeconds'],
    ['a duration of nothing', { ...assume, durationSeconds: '0' }, 'InvalidDuration', 'durationSeconds'],
    ['a duration above 7200', { ...assume, durationSeconds: '7201' }, 'InvalidDuration', 'durationSeconds'],
    ['no name', { ...federate, name: '', policy }, 'MissingParameter', 'name'],
    ['no policy', federate, 'MissingParameter', 'policy'],
    ['an empty Policy', { ...federate, Policy: '' }, 'InvalidParameter', 'Policy'],
    ['an empty policy', { ...federate, policy: '' }, 'MissingParameter', 'policy'],
  ])('says what is wrong with %s', (_what, params, code, parameter) => {
    expect(refusal(() => parse(signedGet(params as Record<string, string>)))).toMatchObject({
      code,
      detail: { parameter },
    });
  });

  it.each(['policy', 'Policy'])('does not pass over a %s, which AssumeRole cannot be given', (parameter) => {
    const policy = JSON.stringify({ version: '2.0', statement: [{ effect: 'deny', action: '*', resource: '*' }] });
    const { code, detail } = refusal(() => parse(signedPost({ ...assume, [parameter]: policy })));
    expect([code, detail]).toEqual(['UnknownParameter', { parameter }]);
  });

  it('passes over a parameter that it does not know, as the vendor does', () => {
    expect(
      parse(signedPost({ ...assume, RequestClient: 'SDK_JAVA_2.0.5', Version: '2018-08-13', other: '@x' })).request,
    ).toMatchObject({
      operation: 'AssumeRole',
    });
  });
});

describe('a proof in the words of Tencent Cloud API 2.0', () => {
  it('counts five minutes either way, once, and may carry a token', () => {
    const proof = proofOf(sign(get(writeQuery(Object.entries(assume))), { ...key, token: new Secret('T') }, how));
    expect(proof).toMatchObject({
      scheme: 'qcloud-hmac',
      accessKeyId: 'AKIDlong',
      valid: { from: new Date('2026-11-22T01:55:00Z'), until: new Date('2026-11-22T02:05:00Z') },
      nonce: '1795312800 7',
    });
    expect(proof.sessionToken?.reveal()).toBe('T');
  });

  it('is good under each name of this server, with its port and without', () => {
    const signedFor = (host: string) => ({
      ...sign({ ...get(writeQuery(Object.entries(assume))), host }, key, how),
      host: '127.0.0.1:3000',
    });
    const counts = (host: string) => proofOf(signedFor(host), ['sts.example.test:8443']).verify(key.secret);
    expect(['127.0.0.1:3000', '127.0.0.1', 'sts.example.test:8443', 'sts.example.test'].map(counts)).toEqual(
      Array(4).fill(true),
    );
    expect(counts('sts.api.qcloud.com')).toBe(false);
  });

  it.each([
    'Action',
    'SecretId',
    'Timestamp',
    'Nonce',
    'Token',
    'SignatureMethod',
    'roleArn',
    'roleSessionName',
    'durationSeconds',
    'name',
    'policy',
    'Policy',
  ])(
    'does not let %s be written into a POST by whoever carries it: a value that begins with @ is not signed',
    (name) => {
      const { [name]: _, ...rest }: Record<string, string> = { ...assume };
      const carried = signedPost(rest);
      const body = `${carried.body.replace(new RegExp(`(^|&)${name}=[^&]*`), '')}&${name}=%40evil`;
      expect(refusal(() => parse({ ...carried, body }))).toMatchObject({
        code: 'InvalidParameter',
        detail: { parameter: name },
      });
    },
  );

  it('takes a value that begins with @ in a GET, where it is signed', () => {
    const request = signedGet({ ...assume, roleSessionName: '@session' });
    expect(parse(request).request).toHaveProperty('sessionName', '@session');
    expect(proofOf(request).verify(key.secret)).toBe(true);
  });

  it('does not let the boundary between two signed parameters be moved', () => {
    // Both read `…&durationSeconds=1800&name=nickName&policy=…` in the text that is signed.
    const honest = signedPost({ ...federate, policy, durationSeconds: '1800' });
    const params = [...new URLSearchParams(honest.body)].filter(([name]) => name !== 'policy' && name !== 'name');
    const moved = writeQuery([...params, ['name', `nickName&policy=${policy}`]]);
    expect(refusal(() => parse({ ...honest, body: moved })).code).toBe('InvalidParameter');
    const split = signedPost({ ...assume, RequestClient: 'a&Region=x' });
    expect(refusal(() => parse(split)).code).toBe('InvalidParameter');
    const named = signedPost({ ...assume, 'a=b&c': 'd' });
    expect(refusal(() => parse(named)).code).toBe('InvalidParameter');
  });

  it('takes a policy that holds what looks like a boundary', () => {
    const odd = policy.replace('"*"', '"qcs::cos:::a&name=b"');
    expect(parse(signedPost({ ...federate, policy: odd })).request).toHaveProperty('policy', odd);
  });

  it('says which part of it is missing', () => {
    const { body } = signedPost(assume);
    const without = body.replace(/&Signature=[^&]*/, '');
    expect(refusal(() => parse(post(without)))).toMatchObject({
      code: 'MissingParameter',
      detail: { parameter: 'Signature' },
    });
  });
});

describe('an answer in the words of Tencent Cloud API 2.0', () => {
  const credentials = {
    accessKeyId: 'I',
    secretAccessKey: new Secret('K'),
    sessionToken: new Secret('T'),
    expiration: new Date('2030-01-01T00:00:00.999Z'),
  };
  const answer: Answer = { kind: 'credentials', credentials, account: 'a', cloud: 'authority', variables: [] };
  const render = (operation: 'AssumeRole' | 'GetFederationToken') =>
    dialect.render(answer, { operation } as Parameters<typeof dialect.render>[1], occasionOf(get('')));

  it("has the shape of the vendor's page, with sessionToken rather than token", () => {
    const shape = (value: unknown): unknown =>
      value !== null && typeof value === 'object'
        ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]))
        : typeof value;
    const assumed = render('AssumeRole');
    expect(assumed).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(shape(JSON.parse(assumed.body))).toEqual(shape(JSON.parse(fixture('assume-role.reply.json'))));
    expect(shape(JSON.parse(render('GetFederationToken').body))).toEqual(
      shape(JSON.parse(fixture('get-federation-token.reply.json'))),
    );
  });

  it('says when AssumeRole ends in seconds and in words, GetFederationToken in seconds only', () => {
    expect(JSON.parse(render('AssumeRole').body).data).toMatchObject({
      expiredTime: 1_893_456_000,
      expiration: '2030-01-01T00:00:00Z',
    });
    expect(JSON.parse(render('GetFederationToken').body).data).not.toHaveProperty('expiration');
  });

  it('is read back by the normalizer', () => {
    for (const operation of ['AssumeRole', 'GetFederationToken'] as const) {
      expect(provider.normalize(render(operation), operation)).toEqual({
        ...credentials,
        expiration: new Date('2030-01-01T00:00:00Z'),
      });
    }
  });

  it('has no words for anything but credentials', () => {
    const identity = { accountId: '1', userId: '2', arn: 'x' };
    const asked = { operation: 'GetCallerIdentity' } as const;
    expect(refusal(() => dialect.render({ kind: 'identity', identity }, asked, occasionOf(get('')))).code).toBe(
      'Internal',
    );
  });

  it('is HTTP 200 in a refusal too, with a code, its name and a sentence of ours', () => {
    const said = dialect.renderError(new StsError('SignatureMismatch'), occasionOf(get('')));
    expect(said).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(said.body)).toEqual({
      code: 4100,
      message: 'The signature does not match.',
      codeDesc: 'AuthFailure',
    });
  });

  it.each([
    ['UnknownKey', 4104],
    ['RequestExpired', 4500],
    ['RequestReplayed', 4500],
    ['InvalidToken', 4105],
    ['TokenExpired', 4105],
    ['AccessDenied', 4101],
    ['RoleNotFound', 5000],
    ['Throttled', 4400],
    ['InvalidDuration', 4000],
    ['UnknownOperation', 6100],
    ['CloudUnavailable', 6200],
    ['Internal', 6000],
  ] as const)('says %s as %i', (code, number) => {
    expect(JSON.parse(dialect.renderError(new StsError(code), occasionOf(get(''))).body).code).toBe(number);
  });

  it('means the same again, however often a refusal is passed on', () => {
    const passedOn = (code: StsErrorCode): StsErrorCode =>
      refusal(() => provider.normalize(dialect.renderError(new StsError(code), occasionOf(get(''))), 'AssumeRole'))
        .code;
    for (const code of Object.keys(stsErrors) as StsErrorCode[]) {
      expect(passedOn(passedOn(code))).toBe(passedOn(code));
    }
  });
});

describe('a reply of Tencent Cloud API 2.0', () => {
  const normalize = (response: HttpResponse) => provider.normalize(response, 'AssumeRole');

  it("gives the credentials of the vendor's page", () => {
    const credentials = normalize(reply(fixture('assume-role.reply.json')));
    expect(credentials).toMatchObject({
      accessKeyId: 'AKIDcAZnqgar9ByWq6m7ucIn8LNEuY2MkPCl',
      expiration: new Date('2017-09-26T13:41:09Z'),
    });
    expect(credentials.secretAccessKey.reveal()).toBe('VpxrX0IMCpHXWL0Wr3KQNCqJix1uhMqD');
    expect(credentials.sessionToken.reveal()).toBe('5e776c4216ff4d31a7c74fe194a978a3ff2a42864');
    expect(normalize(reply(fixture('get-federation-token.reply.json'))).expiration).toEqual(
      new Date(1_494_309_923_000),
    );
  });

  it("may call the token sessionToken, as the page's reply does, or token, as its table does", () => {
    const named = (name: string) => reply(fixture('assume-role.reply.json').replace('sessionToken', name));
    expect(normalize(named('token')).sessionToken.reveal()).toBe(
      normalize(named('sessionToken')).sessionToken.reveal(),
    );
  });

  it('ends at the earlier of the two instants that it names', () => {
    const apart = JSON.parse(fixture('assume-role.reply.json'));
    apart.data.expiredTime += 60;
    expect(normalize(reply(apart)).expiration).toEqual(new Date('2017-09-26T13:41:09Z'));
    apart.data.expiredTime -= 120;
    expect(normalize(reply(apart)).expiration).toEqual(new Date('2017-09-26T13:40:09Z'));
  });

  it.each(['tmpSecretId', 'tmpSecretKey', 'sessionToken'])('is unintelligible without a whole %s', (name) => {
    for (const value of ['', null, undefined, 7]) {
      const partial = JSON.parse(fixture('assume-role.reply.json'));
      partial.data.credentials[name] = value;
      expect(refusal(() => normalize(reply(partial)))).toMatchObject({
        code: 'CloudUnintelligible',
        detail: { upstream: { status: 200 } },
      });
    }
  });

  it.each([
    ['no expiration', { expiredTime: undefined, expiration: undefined }],
    ['an expiration that is none', { expiredTime: 'soon', expiration: 'soon' }],
    ['an expiration of nothing', { expiredTime: 0, expiration: '' }],
    ['no credentials', { credentials: undefined }],
  ])('is unintelligible with %s', (_what, changes) => {
    const whole = JSON.parse(fixture('assume-role.reply.json'));
    expect(refusal(() => normalize(reply({ ...whole, data: { ...whole.data, ...changes } }))).code).toBe(
      'CloudUnintelligible',
    );
  });

  it.each([
    ['no JSON', '<html>'],
    ['nothing', ''],
    ['JSON cut short', '{"code":0,"data":{'],
    ['another envelope', '{"Response":{}}'],
    ['a code that is none', '{"code":null}'],
  ])('is unintelligible where it is %s', (_what, body) => {
    expect(refusal(() => normalize(reply(body))).code).toBe('CloudUnintelligible');
  });

  it.each([
    [4000, 'InvalidParameter'],
    [4100, 'SignatureMismatch'],
    [4101, 'AccessDenied'],
    [4102, 'AccessDenied'],
    [4103, 'AccessDenied'],
    [4104, 'UnknownKey'],
    [4105, 'InvalidToken'],
    [4106, 'AccessDenied'],
    [4110, 'AccessDenied'],
    [4200, 'RequestExpired'],
    [4300, 'AccessDenied'],
    [4400, 'Throttled'],
    [4500, 'RequestExpired'],
    [4600, 'Misconfigured'],
    [5000, 'RoleNotFound'],
    [5100, 'CloudRefused'],
    [5500, 'CloudRefused'],
    [6000, 'CloudUnavailable'],
    [6100, 'UnsupportedOperation'],
    [6200, 'CloudUnavailable'],
    [-1, 'CloudRefused'],
  ])('that says %i means %s, as a number and as a text', (code, meant) => {
    for (const said of [code, String(code)]) {
      const error = refusal(() => normalize(reply({ code: said, message: '(100004) secret prose', codeDesc: 'X' })));
      expect(error).toMatchObject({ code: meant, detail: { upstream: { status: 200, code: String(code) } } });
      expect(JSON.stringify(error.detail) + error.message).not.toContain('prose');
    }
  });

  it.each([
    [429, 'Throttled'],
    [500, 'CloudUnavailable'],
    [502, 'CloudUnavailable'],
    [403, 'CloudRefused'],
    [302, 'CloudRefused'],
  ])('of status %i means %s', (status, code) => {
    expect(refusal(() => normalize(reply('<html>', status)))).toMatchObject({ code, detail: { upstream: { status } } });
    expect(refusal(() => normalize(reply(fixture('assume-role.reply.json'), status))).code).toBe(code);
  });

  it('is read without a crash, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.integer({ min: 100, max: 599 }), (body, status) => {
        expect(refusal(() => normalize(reply(body, status)))).toBeInstanceOf(StsError);
      }),
    );
  });
});

describe('a call to Tencent Cloud API 2.0', () => {
  const encode = <Op extends 'AssumeRole' | 'GetFederationToken'>(
    request: Saying & { readonly operation: Op },
    at = account(),
  ) => provider.operations[request.operation]?.encode(minted(request) as never, at) ?? get('');
  const assumption = { operation: 'AssumeRole', role: 'qcs::cam::uin/1:roleName/demo', sessionName: 'abc' } as const;
  const federation = { operation: 'GetFederationToken', name: 'nickName', policy } as const;

  it("is a POST of a form to the vendor's path, or to the operator's own", () => {
    expect(encode(assumption)).toEqual({
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
      expect(proofOf(request)).toMatchObject({ accessKeyId: key.id, nonce: '1795312800 4711' });
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
    expect(refusal(() => signed('TC3-HMAC-SHA256')).code).toBe('Misconfigured');
  });

  it.each([
    ['a policy', { policy }],
    ['policies by name', { policyArns: ['x'] }],
    ['tags', { tags: [{ key: 'k', value: 'v' }] }],
    ['an external id', { externalId: 'xx' }],
    ['a source identity', { sourceIdentity: 'me' }],
    ['a second factor', { tokenCode: new Secret('123456') }],
  ])('does not drop %s that API 2.0 cannot carry', (_what, more) => {
    expect(refusal(() => encode({ ...assumption, ...more })).code).toBe('InvalidParameter');
  });

  it('needs a policy for a federated user', () => {
    expect(refusal(() => encode({ operation: 'GetFederationToken', name: 'nickName' })).code).toBe('MissingParameter');
  });

  it('says nothing that would travel unsigned', () => {
    expect(refusal(() => encode({ ...assumption, sessionName: '@abc' }))).toMatchObject({
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

describe("the environment of Tencent Cloud's tools", () => {
  it('has the token by both names that are about', () => {
    const credentials = {
      accessKeyId: 'I',
      secretAccessKey: new Secret('K'),
      sessionToken: new Secret('T'),
      expiration: now,
    };
    expect(variables?.(credentials, account({ region: 'gz' }))).toEqual([
      ['TENCENTCLOUD_SECRET_ID', 'I'],
      ['TENCENTCLOUD_SECRET_KEY', 'K'],
      ['TENCENTCLOUD_TOKEN', 'T'],
      ['TENCENTCLOUD_SECURITY_TOKEN', 'T'],
      ['TENCENTCLOUD_REGION', 'gz'],
    ]);
    expect(variables?.(credentials, account())).toHaveLength(4);
  });
});

describe('the dialect of Tencent Cloud API 2.0', () => {
  it('reads anything at all without a crash, and quotes none of it', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('AssumeRole', 'GetFederationToken', '@x', policy, '1800'),
    );
    const name = fc.constantFrom(
      'Action',
      'SecretId',
      'Signature',
      'Timestamp',
      'Nonce',
      'Token',
      'roleArn',
      'name',
      'policy',
      'durationSeconds',
      'x',
    );
    fc.assert(
      fc.property(fc.dictionary(name, word), fc.boolean(), fc.string(), (params, posted, junk) => {
        const secret = 'a-secret-that-must-not-return';
        const query = writeQuery(Object.entries({ ...params, Signature: secret, Token: secret }));
        const request = posted ? post(`${query}${junk}`) : get(`${query}${junk}`);
        try {
          parse(request);
        } catch (error) {
          expect(error).toBeInstanceOf(StsError);
          expect(dialect.renderError(StsError.from(error), occasionOf(request)).body).not.toContain(secret);
        }
      }),
    );
  });
});
