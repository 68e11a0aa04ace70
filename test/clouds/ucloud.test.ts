import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ucloud } from '../../lib/clouds/ucloud/cloud.ts';
import { meaningOf, retCodes } from '../../lib/clouds/ucloud/errors.ts';
import type { Account, DialectContext } from '../../lib/core/cloud.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../lib/core/errors.ts';
import type { HttpRequest, HttpResponse } from '../../lib/core/http.ts';
import type { MintRequest, TokenRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { readUcloud } from '../../lib/policies/ucloud.ts';
import { type SignedParams, sign, verify } from '../../lib/signers/ucloud-sha1.ts';
import { readQuery, writeQuery } from '../../lib/wire/query.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../lib/clouds/ucloud/fixtures/${name}`, import.meta.url), 'utf8');

const { dialect, provider, naming } = ucloud;
const now = new Date('2026-11-22T01:34:16Z');
const key = { id: 'fakePublicKeyForTestsOnly0001', secret: new Secret('fakePrivateKeyForTestsOnly01') };
const policy =
  '{"Version":"1","Statement":[{"Effect":"Allow","Action":["uhost:DescribeUHostInstance"],"Resource":["*"]}]}';
const wanted = {
  Action: 'AssumeRole',
  RoleUrn: 'ucs:iam::12345678:role/test-role',
  RoleSessionName: 'sess-1',
} as const;

const bare: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'api.ucloud.cn',
  path: '/',
  query: '',
  headers: {},
  body: '',
};
type Texts = Readonly<Record<string, string>>;
const get = (params: Texts): HttpRequest => ({ ...bare, method: 'GET', query: writeQuery(Object.entries(params)) });
const form = (params: Texts): HttpRequest => ({
  ...bare,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: writeQuery(Object.entries(params)),
});
const json = (params: object): HttpRequest => ({
  ...bare,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(params),
});
const context = (request: HttpRequest): DialectContext => ({ request, requestId: 'request-1', now });
const parse = (request: HttpRequest) => dialect.parse(context(request));

const codeOf = (act: () => unknown): StsErrorCode | 'none' => {
  try {
    act();
    return 'none';
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(StsError);
    return (thrown as StsError).code;
  }
};

describe('a request in UCloud’s dialect', () => {
  const signed = sign({ ...wanted, DurationSeconds: '3600', Policy: policy }, key) as Texts;
  const asked: TokenRequest = {
    operation: 'AssumeRole',
    role: wanted.RoleUrn,
    sessionName: 'sess-1',
    durationSeconds: 3600,
    defaultDurationSeconds: 3600,
    policy,
  };

  it.each([
    ['a GET', get(signed)],
    ['a form', form(signed)],
    ['JSON', json(signed)],
    ['JSON with a number', json({ ...signed, DurationSeconds: 3600 })],
    [
      'JSON with a number in another spelling',
      { ...json({}), body: JSON.stringify(signed).replace('"3600"', '3.6E3') },
    ],
    ['JSON with a member that is null', json({ ...signed, Zone: null })],
    [
      'JSON whose type names a charset',
      { ...json(signed), headers: { 'content-type': 'application/json; charset=utf-8' } },
    ],
    ['a form with its Action in the URL too', { ...form(signed), query: 'Action=AssumeRole' }],
    ['JSON with its Action in the URL too', { ...json(signed), query: 'Action=AssumeRole' }],
  ])('may be %s', (_, request) => {
    expect(dialect.recognizes(request)).toBe(true);
    const { request: read, proof } = parse(request);
    expect(read).toEqual(asked);
    expect(proof).toMatchObject({ kind: 'signature', scheme: 'ucloud-sha1', accessKeyId: key.id });
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    expect(proof.kind === 'signature' && proof.verify(new Secret('other'))).toBe(false);
  });

  it('has neither clock nor nonce', () => {
    const { proof } = parse(form(signed));
    expect(proof).not.toHaveProperty('valid');
    expect(proof).not.toHaveProperty('nonce');
  });

  it('brings the token of temporary credentials along, signed', () => {
    const temporary = { ...key, token: new Secret('TOKEN') };
    const { proof } = parse(form(sign(wanted, temporary) as Texts));
    expect(proof.kind === 'signature' && proof.sessionToken?.reveal()).toBe('TOKEN');
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
  });

  it('says which default it stands under when it names no duration', () => {
    expect(parse(form(sign(wanted, key) as Texts)).request).toEqual({
      operation: 'AssumeRole',
      role: wanted.RoleUrn,
      sessionName: 'sess-1',
      defaultDurationSeconds: 3600,
    });
  });

  it('may name a region, a zone and a project', () => {
    const common = { ...wanted, Region: 'cn-bj2', Zone: 'cn-bj2-04', ProjectId: 'org-fake01' };
    expect(codeOf(() => parse(form(sign(common, key) as Texts)))).toBe('none');
  });

  it('does not say what it names as null, whatever the name', () => {
    const request = json({ ...sign(wanted, key), Policy: null, Unknown: null });
    expect(parse(request).request).not.toHaveProperty('policy');
    expect(codeOf(() => parse(request))).toBe('none');
  });

  it('proves nothing without a Signature', () => {
    expect(parse(form({ ...wanted, PublicKey: key.id })).proof).toEqual({ kind: 'none' });
    expect(parse(form({ ...wanted, PublicKey: key.id, Signature: '' })).proof).toEqual({ kind: 'none' });
  });

  const refusals: readonly (readonly [string, HttpRequest, StsErrorCode, string?])[] = [
    ['no Action', form({ PublicKey: 'a', Signature: 'b' }), 'MissingOperation', 'Action'],
    ['another system’s operation', form({ ...signed, Action: 'GetFederationToken' }), 'UnsupportedOperation', 'Action'],
    ['an operation of its own', form({ ...signed, Action: 'DescribeUHostInstance' }), 'UnknownOperation', 'Action'],
    ['no RoleUrn', form({ ...signed, RoleUrn: '' }), 'MissingParameter', 'RoleUrn'],
    ['no RoleSessionName', form({ ...signed, RoleSessionName: '' }), 'MissingParameter', 'RoleSessionName'],
    ['a RoleUrn too long', form({ ...signed, RoleUrn: 'a'.repeat(1025) }), 'InvalidParameter', 'RoleUrn'],
    [
      'a session name too long',
      form({ ...signed, RoleSessionName: 'a'.repeat(65) }),
      'InvalidParameter',
      'RoleSessionName',
    ],
    [
      'a session name of other letters',
      form({ ...signed, RoleSessionName: 'a@b' }),
      'InvalidParameter',
      'RoleSessionName',
    ],
    ['a duration too short', form({ ...signed, DurationSeconds: '899' }), 'InvalidDuration', 'DurationSeconds'],
    ['a duration too long', form({ ...signed, DurationSeconds: '43201' }), 'InvalidDuration', 'DurationSeconds'],
    ['a duration that is no number', form({ ...signed, DurationSeconds: '1h' }), 'InvalidParameter', 'DurationSeconds'],
    ['a duration with a fraction', json({ ...signed, DurationSeconds: 900.5 }), 'InvalidParameter', 'DurationSeconds'],
    ['a policy too long', form({ ...signed, Policy: 'x'.repeat(2049) }), 'PolicyTooLarge', 'Policy'],
    ['an empty policy', form({ ...signed, Policy: '' }), 'InvalidParameter', 'Policy'],
    ['an unknown parameter', form({ ...signed, Polic: 'y' }), 'UnknownParameter', 'Polic'],
    ['a list for a value', json({ ...signed, RoleUrn: ['a'] }), 'InvalidParameter'],
    ['an object for a value', json({ ...signed, Policy: {} }), 'InvalidParameter'],
    ['JSON that is no object', { ...json({}), body: '["PublicKey"]' }, 'InvalidRequest'],
    [
      'JSON that names a thing twice',
      { ...json({}), body: '{"PublicKey":"a","Action":"b","Action":"c"}' },
      'InvalidRequest',
    ],
    ['a body of another type', { ...form(signed), headers: { 'content-type': 'text/plain' } }, 'InvalidRequest'],
    ['another Action in the URL', { ...form(signed), query: 'Action=Other' }, 'InvalidRequest'],
    [
      'its Action in the URL alone',
      { ...form({ PublicKey: 'a', Signature: 'b' }), query: 'Action=AssumeRole' },
      'InvalidRequest',
    ],
    ['more than its Action in the URL', { ...form(signed), query: 'Action=AssumeRole&Policy=x' }, 'InvalidRequest'],
    ['a body on a GET', { ...get(signed), body: 'a=b', headers: form({}).headers }, 'InvalidRequest'],
    ['another method', { ...form(signed), method: 'PUT' }, 'MethodNotAllowed'],
    ['a parameter twice', { ...form(signed), body: 'PublicKey=a&Action=b&Action=c' }, 'InvalidRequest'],
    ['an empty PublicKey', form({ ...signed, PublicKey: '' }), 'MalformedAuthorization'],
  ];

  it.each(refusals.map(([what, request, code, parameter]) => ({ what, request, code, parameter })))(
    'is refused with $what',
    ({ request, code, parameter }) => {
      expect(codeOf(() => parse(request))).toBe(code);
      if (parameter !== undefined) {
        expect(() => parse(request)).toThrow(expect.objectContaining({ detail: { parameter } }));
      }
    },
  );

  it('is told by its shape from what is none', () => {
    expect(dialect.recognizes(form({ Action: 'AssumeRole', RoleUrn: 'x' }))).toBe(false);
    expect(dialect.recognizes(form({ PublicKey: 'x' }))).toBe(false);
    expect(dialect.recognizes(form({ PublicKey: 'x', Signature: 'y' }))).toBe(true);
    expect(dialect.recognizes({ ...form(signed), path: '/sts' })).toBe(false);
    expect(dialect.recognizes(json({ a: { PublicKey: 'x', Action: 'y' } }))).toBe(false);
    expect(dialect.recognizes({ ...json(signed), headers: {} })).toBe(false);
    expect(dialect.recognizes(bare)).toBe(false);
  });

  it('is refused without a word of what it held', () => {
    const requests = [
      form({ ...signed, 'topsecret topsecret': 'x' }),
      form({ ...signed, '46f09bb9fab4f12dfc160dae12273d5332b5debe': 'topsecret' }),
      form({ ...signed, RoleSessionName: 'topsecret!' }),
      form({ ...signed, Action: 'topsecret' }),
      json({ ...signed, topsecret: ['topsecret'] }),
      { ...json({}), body: '{"PublicKey":"topsecret"' },
    ];
    for (const request of requests) {
      expect(() => parse(request)).not.toThrow(/topsecret|46f09bb9/);
      expect(codeOf(() => parse(request))).not.toBe('none');
    }
  });

  it('is never a crash, whatever comes', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 20 });
    const names = fc.oneof(texts, fc.constantFrom(...Object.keys(signed)));
    const bodies = fc.oneof(
      fc.dictionary(names, fc.jsonValue()).map((value) => JSON.stringify({ ...signed, ...value })),
      fc.dictionary(names, texts).map((value) => writeQuery(Object.entries({ ...signed, ...value }))),
      texts,
    );
    const types = fc.constantFrom('application/json', 'application/x-www-form-urlencoded', '');
    fc.assert(
      fc.property(bodies, texts, types, fc.constantFrom('GET', 'POST'), (body, query, type, method) => {
        const request = { ...bare, method, query, body, headers: { 'content-type': type } };
        expect(() => dialect.recognizes(request)).not.toThrow();
        const code = codeOf(() => parse(request));
        if (code !== 'none') {
          const reply = dialect.renderError(new StsError(code), context(request));
          expect(JSON.parse(reply.body)).toMatchObject({ RetCode: retCodes[code] });
        }
      }),
    );
  });
});

describe('the example of UCloud’s page', () => {
  const text = fixture('assume-role.request.txt').replaceAll('\n', '');
  const reading = readQuery(text.slice(text.indexOf('?') + 1));
  const printed = 'params' in reading ? (Object.fromEntries(reading.params) as Texts) : {};

  it('is recognized and believed, once it is signed', () => {
    const signed = sign(printed, key) as Texts;
    expect(dialect.recognizes(get(signed))).toBe(true);
    expect(verify(signed, key.secret)).toBe(true);
  });

  it('is refused by the rule of its own page: 900 seconds at least', () => {
    const request = get(sign(printed, key) as Texts);
    expect(codeOf(() => parse(request))).toBe('InvalidDuration');
    const error = new StsError('InvalidDuration', 'DurationSeconds must be 900 to 43200 seconds.', {
      parameter: 'DurationSeconds',
    });
    expect(dialect.renderError(error, context(request))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-ucloud-request-uuid': 'request-1' },
      body: '{"RetCode":230,"Action":"AssumeRoleResponse","Message":"Params [DurationSeconds] not available: DurationSeconds must be 900 to 43200 seconds."}',
    });
  });

  it('has a policy that is none', () => {
    expect(readUcloud(printed['Policy'] ?? '')).toMatchObject({ fault: 'syntax' });
  });

  it('is read with a duration that may be had and a policy that is one', () => {
    const mended = sign({ ...printed, DurationSeconds: '900', Policy: policy }, key) as Texts;
    const { request, proof } = parse(get(mended));
    expect(request).toMatchObject({ role: 'FwesBQjA', sessionName: 'jFbSZIhm', durationSeconds: 900, policy });
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    expect(readUcloud(policy)).toHaveProperty('statements');
  });
});

describe('an answer in UCloud’s dialect', () => {
  const credentials = {
    accessKeyId: 'STS.fake',
    secretAccessKey: new Secret('secret'),
    sessionToken: new Secret('token'),
    expiration: new Date('2026-11-22T02:34:16.789Z'),
  };
  const answer = { kind: 'credentials', credentials, account: 'a', cloud: 'ucloud', variables: [] } as const;
  const request = parse(form(sign(wanted, key) as Texts)).request;

  it('has the members that its page lists', () => {
    expect(dialect.render(answer, request, context(bare))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-ucloud-request-uuid': 'request-1' },
      body: '{"RetCode":0,"Action":"AssumeRoleResponse","Credentials":{"SecurityToken":"token","AccessKeyId":"STS.fake","AccessKeySecret":"secret","Expiration":"2026-11-22T02:34:16Z"}}',
    });
  });

  it('is what our own provider reads', () => {
    const read = provider.normalize(dialect.render(answer, request, context(bare)), 'AssumeRole');
    expect(read).toMatchObject({ accessKeyId: 'STS.fake', upstreamRequestId: 'request-1' });
    expect([read.secretAccessKey.reveal(), read.sessionToken.reveal()]).toEqual(['secret', 'token']);
    expect(read.expiration).toEqual(new Date('2026-11-22T02:34:16Z'));
  });

  it('is no answer to what UCloud cannot be asked', () => {
    const identity = { kind: 'identity', identity: { accountId: '1', userId: '2', arn: '3' } } as const;
    expect(codeOf(() => dialect.render(identity, { operation: 'GetCallerIdentity' }, context(bare)))).toBe('Internal');
  });

  const message = (code: StsErrorCode, parameter?: string, request = form({ ...wanted, PublicKey: 'a' })) =>
    JSON.parse(
      dialect.renderError(new StsError(code, undefined, parameter === undefined ? {} : { parameter }), context(request))
        .body,
    ).Message;

  it('speaks of refusals as UCloud does', () => {
    expect(message('SignatureMismatch')).toBe('Signature VerifyAC Error');
    expect(message('UnknownKey')).toBe('User Not Exists');
    expect(message('TokenExpired')).toBe('Token Not Exists');
    expect(message('MissingParameter', 'RoleUrn')).toBe('Missing params [RoleUrn]');
    expect(message('InvalidParameter', 'RoleUrn')).toMatch(/^Params \[RoleUrn\] not available: /);
    expect(message('UnknownOperation', 'Action', form({ Action: 'MakeCoffee', PublicKey: 'a' }))).toBe(
      'Action [MakeCoffee] not found',
    );
    expect(message('AccessDenied')).toBe(stsErrors.AccessDenied.title);
  });

  it('says back no Action that is no name', () => {
    const request = form({ Action: '<script>', PublicKey: 'a' });
    const reply = dialect.renderError(new StsError('UnknownOperation'), context(request));
    expect(JSON.parse(reply.body)).toEqual({ RetCode: 161, Message: stsErrors.UnknownOperation.title });
  });
});

describe('the codes of UCloud', () => {
  const codes = Object.keys(stsErrors) as StsErrorCode[];

  it.each(codes)('say %s, and what is read of it says the same again', (code) => {
    const once = meaningOf(retCodes[code], 200);
    expect(meaningOf(retCodes[once], 200)).toBe(once);
  });

  it.each(codes)('are read by our provider from the reply that says %s', (code) => {
    const reply = dialect.renderError(new StsError(code), context(form({ ...wanted, PublicKey: 'a' })));
    expect(reply.status).toBe(200);
    expect(codeOf(() => provider.normalize(reply, 'AssumeRole'))).toBe(meaningOf(retCodes[code], 200));
  });

  it('never make a client of ours repeat what cannot succeed, but for what UCloud itself lumps together', () => {
    const lumped = ['CloudRefused', 'CloudUnintelligible', 'AccountRefused', 'Misconfigured', 'Internal'];
    for (const code of codes.filter((one) => !lumped.includes(one))) {
      expect([code, stsErrors[meaningOf(retCodes[code], 200)].retryable]).toEqual([code, stsErrors[code].retryable]);
    }
  });
});

describe('a reply of UCloud', () => {
  const reply = (body: string, status = 200, headers: Texts = {}): HttpResponse => ({ status, headers, body });
  const read = (body: string, status?: number) => provider.normalize(reply(body, status), 'AssumeRole');
  const whole = JSON.parse(fixture('assume-role.whole.reply.json'));
  const withCredentials = (change: object) =>
    JSON.stringify({ ...whole, Credentials: { ...whole.Credentials, ...change } });

  it('is whole credentials', () => {
    const read = provider.normalize(
      reply(fixture('assume-role.whole.reply.json'), 200, { 'x-ucloud-request-uuid': 'uuid' }),
      'AssumeRole',
    );
    expect(read).toEqual({
      accessKeyId: 'STS.fakeaccesskeyid0000001',
      secretAccessKey: expect.any(Secret),
      sessionToken: expect.any(Secret),
      expiration: new Date('2026-11-22T02:34:16Z'),
      upstreamRequestId: 'uuid',
    });
    expect(read.secretAccessKey.reveal()).toBe('fakeAccessKeySecretForTestsOnly01');
    expect(read.sessionToken.reveal()).toBe('FAKE-SECURITY-TOKEN/for+tests==');
  });

  it('is no success for saying so, as the example of its page does with empty Credentials', () => {
    expect(codeOf(() => read(fixture('assume-role.reply.json')))).toBe('CloudUnintelligible');
  });

  it.each([
    ['RFC 3339', '2026-11-22T02:34:16Z'],
    ['RFC 3339 with an offset', '2026-11-22T10:34:16+08:00'],
    ['no zone, which is UTC', '2026-11-22T02:34:16'],
    ['a space for the T', '2026-11-22 02:34:16'],
    ['unix seconds', 1795314856],
    ['unix seconds as text', '1795314856'],
  ])('may give its expiration as %s', (_, Expiration) => {
    expect(read(withCredentials({ Expiration })).expiration).toEqual(new Date('2026-11-22T02:34:16Z'));
  });

  it.each([
    ['SecurityToken', undefined],
    ['SecurityToken', ''],
    ['AccessKeyId', ''],
    ['AccessKeyId', 5],
    ['AccessKeySecret', null],
    ['Expiration', undefined],
    ['Expiration', 'soon'],
    ['Expiration', 1795314856000],
    ['Expiration', {}],
  ])('is not whole with %s %j', (name, value) => {
    expect(codeOf(() => read(withCredentials({ [name]: value })))).toBe('CloudUnintelligible');
  });

  it.each([
    ['RetCode as text', JSON.stringify({ ...whole, RetCode: '0' }), 'none'],
    ['no RetCode', JSON.stringify({ ...whole, RetCode: undefined }), 'CloudUnintelligible'],
    ['a RetCode of no kind', JSON.stringify({ ...whole, RetCode: 'zero' }), 'CloudUnintelligible'],
    ['nothing in it', '', 'CloudUnintelligible'],
    ['no object in it', '[]', 'CloudUnintelligible'],
  ])('has %s', (_, body, code) => {
    expect(codeOf(() => read(body))).toBe(code);
  });

  it.each([
    [fixture('refused.reply.json'), 200, 'SignatureMismatch'],
    [fixture('refused.text-code.reply.json'), 200, 'UnknownKey'],
    ['{"RetCode":299}', 200, 'AccessDenied'],
    ['{"RetCode":153}', 200, 'Throttled'],
    ['{"RetCode":292}', 200, 'Misconfigured'],
    ['{"RetCode":2001}', 200, 'CloudUnavailable'],
    ['{"RetCode":65535}', 200, 'CloudUnavailable'],
    ['{"RetCode":999}', 200, 'CloudRefused'],
    ['{"RetCode":-1}', 200, 'CloudRefused'],
    ['<html>Bad Gateway</html>', 502, 'CloudUnavailable'],
    ['', 503, 'CloudUnavailable'],
    ['', 429, 'Throttled'],
    ['', 403, 'CloudRefused'],
    ['', 302, 'CloudRefused'],
    ['{"RetCode":0}', 500, 'CloudUnintelligible'],
  ] as const)('that is %j with status %i means %s', (body, status, code) => {
    expect(codeOf(() => read(body, status))).toBe(code);
  });

  it('is refused with its code and the id of the request, and without its prose', () => {
    const refused = reply(fixture('refused.reply.json'), 200, { 'x-ucloud-request-uuid': 'uuid' });
    expect(() => provider.normalize(refused, 'AssumeRole')).toThrow(
      expect.objectContaining({
        message: stsErrors.SignatureMismatch.title,
        detail: { upstream: { status: 200, code: '171', requestId: 'uuid' } },
      }),
    );
  });

  it('never makes the normalizer fail in another way', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), fc.constantFrom(200, 302, 403, 429, 500), (body, status) => {
        expect(codeOf(() => read(body, status))).not.toBe('none');
      }),
    );
  });
});

describe('a request to UCloud', () => {
  const account: Account = {
    name: 'main',
    cloud: 'ucloud',
    endpoint: new URL('https://api.ucloud.cn/'),
    key,
    projectId: 'org-fake01',
    region: 'cn-bj2',
  };
  const mint = {
    operation: 'AssumeRole',
    role: wanted.RoleUrn,
    sessionName: 'sess-1',
    durationSeconds: 900,
  } as unknown as MintRequest<'AssumeRole'>;
  const encode = (request: object, at = account) =>
    provider.operations.AssumeRole?.encode({ ...mint, ...request }, at) as HttpRequest;
  const moment = { now, nonce: 1 };

  it('is a form, with the account’s region and project', () => {
    expect(encode({ policy })).toEqual({
      method: 'POST',
      scheme: 'https',
      host: 'api.ucloud.cn',
      path: '/',
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `Action=AssumeRole&RoleUrn=ucs%3Aiam%3A%3A12345678%3Arole%2Ftest-role&RoleSessionName=sess-1&DurationSeconds=900&Policy=${encodeURIComponent(policy).replaceAll('*', '%2A')}&Region=cn-bj2&ProjectId=org-fake01`,
    });
  });

  it('is believed by our own dialect, and asks what was meant', () => {
    const temporary = { ...key, token: new Secret('TOKEN+/=') };
    for (const used of [key, temporary]) {
      const sent = provider.sign(encode({ policy }), account, used, moment);
      expect(dialect.recognizes(sent)).toBe(true);
      const { request, proof } = parse(sent);
      expect(request).toMatchObject({ role: mint.role, sessionName: 'sess-1', durationSeconds: 900, policy });
      expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    }
  });

  it('is signed as the vector of UCloud’s Python SDK, where it says the same', () => {
    const plain = { ...account };
    const { region: _, projectId: __, ...alone } = plain;
    const sent = provider.sign(encode({ durationSeconds: 3600 }, alone), alone, key, moment);
    expect(sent.body).toMatch(/&Signature=18055471a8393093120f95bd30c69d3abe00fb42$/);
  });

  it('goes over HTTP where the operator says so', () => {
    const inside = { ...account, endpoint: new URL('http://api.service.ucloud.cn') };
    expect(encode({}, inside)).toMatchObject({ scheme: 'http', host: 'api.service.ucloud.cn', path: '/' });
  });

  it.each(['policyArns', 'tags', 'transitiveTagKeys', 'externalId', 'sourceIdentity', 'serialNumber', 'tokenCode'])(
    'is not made where it would lose %s',
    (name) => {
      expect(codeOf(() => encode({ [name]: ['x'] }))).toBe('InvalidParameter');
    },
  );

  it('cannot be for anything but a role', () => {
    expect(Object.keys(provider.operations)).toEqual(['AssumeRole']);
    expect(provider.identity).toBeUndefined();
    expect(provider.login).toBeUndefined();
  });
});

describe('the names of UCloud', () => {
  const session = {
    accountId: '12345678',
    kind: 'role',
    roleName: 'demo',
    roleId: 'role-1',
    callerId: 'user-1',
    callerName: 'ci',
    sessionName: 'sess',
  } as const;

  it('are URNs', () => {
    expect(naming.roles('12345678', 'demo', '')).toEqual(['ucs:iam::12345678:role/demo']);
    expect(naming.user('12345678', 'ci', 'user-1').arn).toBe('ucs:iam::12345678:user/ci');
    expect(naming.session(session).arn).toBe('ucs:sts::12345678:assumed-role/demo/sess');
    expect(naming.session({ ...session, kind: 'federated' }).arn).toBe('ucs:sts::12345678:federated-user/sess');
    expect(naming.session({ ...session, kind: 'user' })).toMatchObject({
      arn: 'ucs:iam::12345678:user/ci',
      userId: 'user-1',
    });
    expect(naming.subject(session)).toEqual({ arn: naming.session(session).arn, id: 'role-1:sess' });
  });

  it('are the same for the same seed, and of the system’s form', () => {
    expect(naming.identifier('account', 'seed')).toMatch(/^\d{8}$/);
    expect(naming.identifier('role', 'seed')).toMatch(/^role-[a-z0-9]{10}$/);
    expect(naming.identifier('user', 'seed')).toBe(naming.identifier('user', 'seed'));
    expect(naming.identifier('user', 'seed')).not.toBe(naming.identifier('user', 'other'));
  });

  it('give temporary keys ids of their own', () => {
    const ids = Array.from({ length: 100 }, (_, seed) => naming.accessKeyId(new Uint8Array(20).fill(seed)));
    expect(new Set(ids.map((id) => id.length))).toEqual(new Set([24]));
    expect(naming.accessKeyId(crypto.getRandomValues(new Uint8Array(20)))).toMatch(/^STS\.[a-z0-9]{20}$/);
  });
});

describe('the variables of UCloud’s tools', () => {
  it('hold the triad', () => {
    const credentials = {
      accessKeyId: 'id',
      secretAccessKey: new Secret('secret'),
      sessionToken: new Secret('token'),
      expiration: now,
    };
    const account: Account = {
      name: 'main',
      cloud: 'ucloud',
      endpoint: new URL('https://api.ucloud.cn/'),
      projectId: 'org',
      region: 'cn-bj2',
    };
    expect(ucloud.variables?.(credentials, account)).toEqual([
      ['UCLOUD_PUBLIC_KEY', 'id'],
      ['UCLOUD_PRIVATE_KEY', 'secret'],
      ['UCLOUD_SECURITY_TOKEN', 'token'],
      ['UCLOUD_PROJECT_ID', 'org'],
      ['UCLOUD_REGION', 'cn-bj2'],
    ]);
  });
});

/** A signed parameter that is not in the text would be a parameter that anybody may add. */
describe('what UCloud’s signature leaves open', () => {
  it('is closed by refusing what is not known: a cut at another place names something new', () => {
    const signed = sign({ ...wanted, DurationSeconds: '3600', Policy: policy }, key) as Texts;
    const { DurationSeconds: _, Policy: __, ...rest } = signed;
    const recut: readonly SignedParams[] = [
      { ...rest, DurationSeconds: `3600Policy${policy}` },
      { ...rest, DurationSeconds: '3600', [`Policy${policy.slice(0, 5)}`]: policy.slice(5) },
      { ...rest, Action: `AssumeRoleDurationSeconds3600Policy${policy}` },
    ];
    for (const params of recut) {
      expect(verify(params, key.secret)).toBe(true);
      expect(codeOf(() => parse(form(params as Texts)))).not.toBe('none');
    }
  });
});
