import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ecs } from '../../lib/clouds/ecs/cloud.ts';
import { ecsErrors, managementErrors, meaningOf } from '../../lib/clouds/ecs/errors.ts';
import type { Account, Answer, DialectContext, LoginExchange } from '../../lib/core/cloud.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../lib/core/errors.ts';
import type { HttpRequest, HttpResponse } from '../../lib/core/http.ts';
import type { MintOperation, MintRequest, TokenRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { presign } from '../../lib/signers/sigv4-presign.ts';
import { escapeText, readQuery, writeQuery } from '../../lib/wire/query.ts';
import { vectorsOf } from '../support/vectors.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../lib/clouds/ecs/fixtures/${name}`, import.meta.url), 'utf8');

const { dialect, provider, naming } = ecs;
const now = new Date('2026-11-22T01:34:16Z');
const key = { id: 'AKIAFAKEECS000000001', secret: new Secret('fakeSecretAccessKeyForTestsOnly000000001') };
const how = { now, region: '', service: '' };
const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';

type Texts = Readonly<Record<string, string>>;
const wanted: Texts = {
  Action: 'AssumeRole',
  RoleArn: 'urn:ecs:iam::ns1:role/demo',
  RoleSessionName: 'sess-1',
};
const federated: Texts = { Action: 'GetFederationToken', UserName: 'Bob' };

const bare: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'ecs.example.test:4443',
  path: '/sts',
  query: '',
  headers: { accept: '*/*', 'x-sds-auth-token': 'TOKEN' },
  body: '',
};
const post = (params: Texts, change: Partial<HttpRequest> = {}): HttpRequest => ({
  ...bare,
  query: writeQuery(Object.entries(params)),
  ...change,
});
const without = (params: Texts, ...names: readonly string[]): Texts =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
const at = (path: string, headers: Texts = {}, change: Partial<HttpRequest> = {}): HttpRequest => ({
  ...bare,
  method: 'GET',
  path,
  headers,
  ...change,
});
const context = (request: HttpRequest): DialectContext => ({ request, requestId: 'a:b:c:d', now });
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

describe('the places of ECS', () => {
  it.each([
    '/sts',
    '/iam',
    '/login',
    '/logout',
    '/user/whoami',
    '/mgmt/sts',
    '/mgmt/login',
    '/sts/',
    '/mgmt/user/whoami',
  ])('%s is one', (path) => {
    expect(dialect.recognizes({ ...bare, path })).toBe(true);
  });

  it.each(['/', '', '/mgmt', '/mgmt/', '/mgmtsts', '/stss', '/x/sts', '/sts/x', '/mgmt/mgmt/sts', '//sts', '/whoami'])(
    '%j is none',
    (path) => {
      expect(dialect.recognizes({ ...bare, path })).toBe(false);
    },
  );
});

describe('the example of the ECS page', () => {
  const [first = '', ...headerLines] = fixture('assume-role.request.txt').trim().split('\n');
  const url = first.replace(/^POST /, '');
  const request: HttpRequest = {
    method: 'POST',
    scheme: 'https',
    host: '192.168.0.0:4443',
    path: '/sts',
    query: url.slice(url.indexOf('?') + 1),
    headers: Object.fromEntries(
      headerLines.map((line) => line.split(': ')).map(([name, value]) => [name?.toLowerCase(), value]),
    ),
    body: '',
  };

  it('is asked by a token, in the query of a POST without a body', () => {
    expect(dialect.recognizes(request)).toBe(true);
    const { request: asked, proof } = parse(request);
    expect(asked).toEqual({
      operation: 'AssumeRole',
      role: 'urn:ecs:iam::s3:role/s3assumeRole',
      sessionName: 'temp',
      durationSeconds: 7200,
      defaultDurationSeconds: 3600,
    });
    expect(proof.kind === 'login' && proof.token.reveal()).toBe('<AUTH_TOKEN>');
  });

  it('is answered with a prefixed root, its metadata first, and AssumeRoleResult where its table says Result', () => {
    expect(
      provider.normalize({ status: 200, headers: {}, body: fixture('assume-role.reply.xml') }, 'AssumeRole'),
    ).toEqual({
      accessKeyId: 'ASIA48DB3A69C19CFE56',
      secretAccessKey: expect.any(Secret),
      sessionToken: expect.any(Secret),
      expiration: new Date('2020-04-23T19:45:46Z'),
      subject: {
        arn: 'urn:ecs:sts::s3:assumed-role/s3assumeRole/temp',
        id: 'AROA48AEC87ADCFF133F:temp',
      },
      upstreamRequestId: '0af7b369:171a31ad5b8:12e3a:b',
    });
  });

  it('is answered by us to the letter, blanks between elements apart', () => {
    const credentials = provider.normalize(
      { status: 200, headers: {}, body: fixture('assume-role.reply.xml') },
      'AssumeRole',
    );
    const answer: Answer = { kind: 'credentials', credentials, account: 'a', cloud: 'ecs', variables: [] };
    const reply = dialect.render(answer, parse(request).request, {
      request,
      requestId: '0af7b369:171a31ad5b8:12e3a:b',
      now,
    });
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/xml');
    expect(reply.body.replace('\n', '')).toBe(fixture('assume-role.reply.xml').replace(/>\s+</g, '><').trim());
  });
});

describe('a request in ECS’s dialect', () => {
  it.each([
    ['everything in the query of a POST', post(wanted)],
    [
      'a form',
      post(
        {},
        {
          headers: { ...bare.headers, 'content-type': 'application/x-www-form-urlencoded' },
          body: writeQuery(Object.entries(wanted)),
        },
      ),
    ],
    [
      'some in the query and some in a form',
      post(
        { Action: 'AssumeRole' },
        {
          headers: { ...bare.headers, 'content-type': 'application/x-www-form-urlencoded' },
          body: writeQuery(Object.entries(without(wanted, 'Action'))),
        },
      ),
    ],
    ['a GET', post(wanted, { method: 'GET' })],
    [
      'a URN that is not escaped',
      post({}, { query: 'Action=AssumeRole&RoleArn=urn:ecs:iam::ns1:role/demo&RoleSessionName=sess-1' }),
    ],
    ['a Version, as the AWS SDKs send one', post({ ...wanted, Version: '2011-06-15' })],
    ['the path of the IAM calls', post(wanted, { path: '/iam' })],
    ['the path of ObjectScale', post(wanted, { path: '/mgmt/sts' })],
  ])('may be %s', (_, request) => {
    expect(parse(request).request).toEqual({
      operation: 'AssumeRole',
      role: 'urn:ecs:iam::ns1:role/demo',
      sessionName: 'sess-1',
      defaultDurationSeconds: 3600,
    });
  });

  it('takes a plus in the query for a space', () => {
    const request = post(
      {},
      { query: `Action=GetFederationToken&UserName=Bob&Tags.member.1.Key=a+b&Tags.member.1.Value=c%2Bd` },
    );
    expect(parse(request).request).toMatchObject({ tags: [{ key: 'a b', value: 'c+d' }] });
  });

  it('narrows by InlineSessionPolicy', () => {
    expect(parse(post({ ...wanted, InlineSessionPolicy: policy })).request).toMatchObject({ policy });
  });

  it('is refused with a Policy, which ECS would pass over and leave the credentials as wide as the role', () => {
    expect(() => parse(post({ ...wanted, Policy: policy }))).toThrow(
      expect.objectContaining({ code: 'UnknownParameter', detail: { parameter: 'Policy' } }),
    );
  });

  const arn = (name: string) => `urn:ecs:iam::ns1:policy/${name}`;
  it.each<[string, Texts, readonly string[]]>([
    ['one', { PolicyArns: arn('a') }, [arn('a')]],
    [
      'several parted by commas',
      { PolicyArns: `${arn('a')},${arn('b')}, ${arn('c')}` },
      [arn('a'), arn('b'), arn('c')],
    ],
    ['one with a comma in its name', { PolicyArns: arn('a,b') }, [arn('a,b')]],
    [
      'AWS’s policies',
      { PolicyArns: `arn:aws:iam::aws:policy/a,${arn('b')}` },
      ['arn:aws:iam::aws:policy/a', arn('b')],
    ],
    ['a list', { 'PolicyArns.member.1': arn('a'), 'PolicyArns.member.2': arn('b') }, [arn('a'), arn('b')]],
    [
      'a list as AWS writes it',
      { 'PolicyArns.member.1.arn': arn('a'), 'PolicyArns.member.2.arn': arn('b') },
      [arn('a'), arn('b')],
    ],
    [
      'a list out of order',
      { 'PolicyArns.member.2.arn': arn('b'), 'PolicyArns.member.1': arn('a') },
      [arn('a'), arn('b')],
    ],
  ])('may name managed policies: %s', (_, params, policyArns) => {
    expect(parse(post({ ...wanted, ...params })).request).toMatchObject({ policyArns });
  });

  it.each<[string, Texts]>([
    ['ObjectScale 4.1', { DurationSeconds: '900', Policy: policy, 'PolicyArns.member.1': arn('a') }],
    ['ECS 3.8', { StsDurationSeconds: '900', StsInlineSessionPolicy: policy, StsPolicyArns: arn('a') }],
    ['AssumeRole', { DurationSeconds: '900', InlineSessionPolicy: policy, PolicyArns: arn('a') }],
  ])('spells GetFederationToken as %s does', (_, params) => {
    expect(parse(post({ ...federated, ...params })).request).toEqual({
      operation: 'GetFederationToken',
      name: 'Bob',
      durationSeconds: 900,
      defaultDurationSeconds: 43_200,
      policy,
      policyArns: [arn('a')],
    });
  });

  it('takes the federated name by AWS’s name for it', () => {
    expect(parse(post({ Action: 'GetFederationToken', Name: 'Bob' })).request).toMatchObject({ name: 'Bob' });
  });

  it('may tag a federated user', () => {
    const tags = {
      'Tags.member.1.Key': 'team',
      'Tags.member.1.Value': 'a',
      'Tags.member.2.Key': 'empty',
      'Tags.member.2.Value': '',
    };
    expect(parse(post({ ...federated, ...tags })).request).toMatchObject({
      tags: [
        { key: 'team', value: 'a' },
        { key: 'empty', value: '' },
      ],
    });
  });

  const ten = (name: (index: number) => string, count: number): Texts =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index + 1), arn(String(index))]));
  const refusals: readonly { what: string; params: Texts; code: StsErrorCode; parameter?: string }[] = [
    { what: 'no Action', params: without(wanted, 'Action'), code: 'MissingOperation', parameter: 'Action' },
    {
      what: 'an operation not served',
      params: { ...wanted, Action: 'AssumeRoleWithSAML' },
      code: 'UnsupportedOperation',
      parameter: 'Action',
    },
    {
      what: 'an operation of IAM',
      params: { ...wanted, Action: 'CreateUser' },
      code: 'UnknownOperation',
      parameter: 'Action',
    },
    { what: 'no RoleArn', params: without(wanted, 'RoleArn'), code: 'MissingParameter', parameter: 'RoleArn' },
    {
      what: 'no RoleSessionName',
      params: without(wanted, 'RoleSessionName'),
      code: 'MissingParameter',
      parameter: 'RoleSessionName',
    },
    {
      what: 'a session name too short',
      params: { ...wanted, RoleSessionName: 'a' },
      code: 'InvalidParameter',
      parameter: 'RoleSessionName',
    },
    {
      what: 'a session name too long',
      params: { ...wanted, RoleSessionName: 'a'.repeat(65) },
      code: 'InvalidParameter',
      parameter: 'RoleSessionName',
    },
    {
      what: 'a session name of other letters',
      params: { ...wanted, RoleSessionName: 'a b' },
      code: 'InvalidParameter',
      parameter: 'RoleSessionName',
    },
    {
      what: 'a duration too short',
      params: { ...wanted, DurationSeconds: '899' },
      code: 'InvalidDuration',
      parameter: 'DurationSeconds',
    },
    {
      what: 'a duration too long',
      params: { ...wanted, DurationSeconds: '43201' },
      code: 'InvalidDuration',
      parameter: 'DurationSeconds',
    },
    {
      what: 'a duration too long for a federated user',
      params: { ...federated, DurationSeconds: '129601' },
      code: 'InvalidDuration',
      parameter: 'DurationSeconds',
    },
    {
      what: 'an empty policy',
      params: { ...wanted, InlineSessionPolicy: '' },
      code: 'InvalidParameter',
      parameter: 'InlineSessionPolicy',
    },
    {
      what: 'a policy beyond Latin-1',
      params: { ...wanted, InlineSessionPolicy: '{"测":1}' },
      code: 'InvalidParameter',
      parameter: 'InlineSessionPolicy',
    },
    {
      what: 'policies too long together',
      params: { ...wanted, InlineSessionPolicy: 'x'.repeat(2030), PolicyArns: arn('abc') },
      code: 'PolicyTooLarge',
      parameter: 'InlineSessionPolicy',
    },
    {
      what: 'empty PolicyArns',
      params: { ...wanted, PolicyArns: '' },
      code: 'InvalidParameter',
      parameter: 'PolicyArns',
    },
    {
      what: 'eleven PolicyArns',
      params: { ...wanted, ...ten((index) => `PolicyArns.member.${index}`, 11) },
      code: 'InvalidParameter',
      parameter: 'PolicyArns.member',
    },
    {
      what: 'eleven PolicyArns parted by commas',
      params: { ...wanted, PolicyArns: Object.values(ten(String, 11)).join(',') },
      code: 'InvalidParameter',
      parameter: 'PolicyArns',
    },
    {
      what: 'a gap in PolicyArns',
      params: { ...wanted, 'PolicyArns.member.2': arn('a') },
      code: 'InvalidParameter',
      parameter: 'PolicyArns.member',
    },
    {
      what: 'PolicyArns said in two ways',
      params: { ...wanted, PolicyArns: arn('a'), 'PolicyArns.member.1': arn('b') },
      code: 'InvalidParameter',
      parameter: 'PolicyArns',
    },
    {
      what: 'a member of PolicyArns said in two ways',
      params: { ...wanted, 'PolicyArns.member.1': arn('a'), 'PolicyArns.member.1.arn': arn('b') },
      code: 'InvalidParameter',
    },
    {
      what: 'tags on AssumeRole',
      params: { ...wanted, 'Tags.member.1.Key': 'a' },
      code: 'UnknownParameter',
      parameter: 'Tags.member.1.Key',
    },
    {
      what: 'an ExternalId',
      params: { ...wanted, ExternalId: 'x' },
      code: 'UnknownParameter',
      parameter: 'ExternalId',
    },
    {
      what: 'the Sts spelling on AssumeRole',
      params: { ...wanted, StsInlineSessionPolicy: policy },
      code: 'UnknownParameter',
      parameter: 'StsInlineSessionPolicy',
    },
    {
      what: 'the policy in two spellings',
      params: { ...federated, Policy: policy, StsInlineSessionPolicy: policy },
      code: 'InvalidParameter',
      parameter: 'Policy',
    },
    {
      what: 'the duration in two spellings',
      params: { ...federated, DurationSeconds: '900', StsDurationSeconds: '900' },
      code: 'InvalidParameter',
      parameter: 'DurationSeconds',
    },
    {
      what: 'the name in two spellings',
      params: { ...federated, Name: 'Bob' },
      code: 'InvalidParameter',
      parameter: 'UserName',
    },
    {
      what: 'a tag twice',
      params: { ...federated, 'Tags.member.1.Key': 'a', 'Tags.member.2.Key': 'A' },
      code: 'InvalidParameter',
      parameter: 'Tags',
    },
    {
      what: 'a tag without a key',
      params: { ...federated, 'Tags.member.1.Value': 'a' },
      code: 'MissingParameter',
      parameter: 'Tags.member.1.Key',
    },
  ];
  it.each(refusals)('is refused with $what', ({ params, code, parameter }) => {
    expect(codeOf(() => parse(post(params)))).toBe(code);
    if (parameter !== undefined) {
      expect(() => parse(post(params))).toThrow(expect.objectContaining({ detail: { parameter } }));
    }
  });

  it('takes the whole range of each duration', () => {
    for (const DurationSeconds of ['900', '43200']) {
      expect(codeOf(() => parse(post({ ...wanted, DurationSeconds })))).toBe('none');
    }
    expect(codeOf(() => parse(post({ ...federated, DurationSeconds: '129600' })))).toBe('none');
  });

  it('is refused with a parameter twice, in the query and the body or in one of them', () => {
    const type = { ...bare.headers, 'content-type': 'application/x-www-form-urlencoded' };
    expect(codeOf(() => parse(post(wanted, { headers: type, body: 'RoleArn=x' })))).toBe('InvalidRequest');
    expect(codeOf(() => parse(post({}, { query: 'Action=AssumeRole&Action=AssumeRole' })))).toBe('InvalidRequest');
  });

  it('is refused by another method', () => {
    expect(codeOf(() => parse(post(wanted, { method: 'PUT' })))).toBe('MethodNotAllowed');
  });

  it('is never a crash, and never quotes what it held', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 20 });
    const names = fc.constantFrom(
      'Action',
      'RoleArn',
      'PolicyArns',
      'PolicyArns.member.1',
      'Policy',
      'DurationSeconds',
      'x',
    );
    const pairs = fc.array(fc.tuple(fc.oneof(names, texts), texts), { maxLength: 6 });
    const paths = fc.constantFrom('/sts', '/iam', '/login', '/logout', '/user/whoami');
    const headers = fc.record({ authorization: texts, 'x-sds-auth-token': texts, accept: texts }, { requiredKeys: [] });
    fc.assert(
      fc.property(pairs, paths, headers, fc.constantFrom('GET', 'POST'), texts, (params, path, given, method, body) => {
        const query = writeQuery(params);
        const request = { ...bare, path, method, query, body, headers: given as Texts };
        const code = codeOf(() => parse(request));
        if (code !== 'none') {
          const reply = dialect.renderError(new StsError(code), context(request));
          expect(codeOf(() => provider.normalize(reply, 'AssumeRole'))).not.toBe('none');
        }
      }),
    );
  });
});

describe('the proof of a request to ECS', () => {
  const unproven = post(wanted, { headers: {} });

  it('is a token or a signature, whatever its scope', () => {
    for (const [region, service] of [
      ['', ''],
      ['us-east-1', 'sts'],
      ['x', 's3'],
    ] as const) {
      const { proof } = parse(sign(unproven, key, { now, region, service }));
      expect(proof).toMatchObject({ kind: 'signature', scheme: 'sigv4', accessKeyId: key.id });
      expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    }
    expect(parse(unproven).proof).toEqual({ kind: 'none' });
  });

  it('is taken over a presigned URL, which may have no body', () => {
    const presigned = presign({ ...unproven, method: 'GET' }, key, { ...how, expiresSeconds: 60 });
    const { request, proof } = parse(presigned);
    expect(request).toMatchObject({ operation: 'AssumeRole', sessionName: 'sess-1' });
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    expect(codeOf(() => parse({ ...presigned, method: 'POST', body: 'a=b' }))).toBe('InvalidRequest');
  });

  it('is not both: the one that is checked must be the one that counts', () => {
    const both = sign({ ...unproven, headers: { 'x-sds-auth-token': 'TOKEN' } }, key, how);
    expect(codeOf(() => parse(both))).toBe('MalformedAuthorization');
    const presigned = presign(unproven, key, { ...how, expiresSeconds: 60 });
    expect(codeOf(() => parse({ ...presigned, headers: { 'x-sds-auth-token': 'TOKEN' } }))).toBe(
      'MalformedAuthorization',
    );
  });

  it('is not a cookie, which a browser sends for whatever page asks it to', () => {
    expect(parse(post(wanted, { headers: { cookie: 'X-SDS-AUTH-TOKEN=TOKEN' } })).proof).toEqual({ kind: 'none' });
    expect(parse(at('/logout', { cookie: 'X-SDS-AUTH-TOKEN=TOKEN' })).proof).toEqual({ kind: 'none' });
  });

  it('is not a token that cannot be one', () => {
    expect(codeOf(() => parse(post(wanted, { headers: { 'x-sds-auth-token': 'a, b' } })))).toBe('InvalidToken');
  });

  it.each(vectorsOf('ecs-sigv4').map((vector) => ({ name: vector.name, vector })))(
    'is believed as a published client of ECS makes it: $name',
    ({ vector }) => {
      const request: HttpRequest = {
        ...bare,
        path: vector.path,
        query: vector.query ?? '',
        headers: { ...vector.headers, authorization: vector.expected.authorization ?? '' },
      };
      expect(dialect.recognizes(request)).toBe(true);
      // One vector has a session name that ECS's own rule refuses; its proof is read all the same.
      const mended = vector.query?.includes('%C3%A9') ? undefined : parse(request).proof;
      if (mended?.kind === 'signature') {
        expect(mended.verify(new Secret(vector.secretKey))).toBe(true);
        expect(mended.sessionToken?.reveal()).toBe(vector.headers?.['x-amz-security-token']);
      } else expect(codeOf(() => parse(request))).toBe('InvalidParameter');
    },
  );
});

describe('a login', () => {
  const basic = `Basic ${Buffer.from('root:pass:word').toString('base64')}`;

  it('is asked by Basic authentication', () => {
    const { request, proof } = parse(at('/login', { authorization: basic }));
    expect(request).toEqual({ operation: 'Login' });
    expect(proof).toMatchObject({ kind: 'password', accessKeyId: 'root' });
    expect(proof.kind === 'password' && proof.secret.reveal()).toBe('pass:word');
  });

  it('is nothing without it, and refused with half of it', () => {
    expect(parse(at('/login')).proof).toEqual({ kind: 'none' });
    expect(codeOf(() => parse(at('/login', { authorization: 'Basic ***' })))).toBe('MalformedAuthorization');
    expect(codeOf(() => parse(at('/login', { authorization: 'Bearer x' })))).toBe('MalformedAuthorization');
  });

  it('is ended by its token, and no other is', () => {
    const { request, proof } = parse(at('/logout', { 'x-sds-auth-token': 'TOKEN' }));
    expect(request).toEqual({ operation: 'Logout' });
    expect(proof.kind === 'login' && proof.token.reveal()).toBe('TOKEN');
    for (const query of ['force=true', 'username=other']) {
      expect(codeOf(() => parse(at('/logout', { 'x-sds-auth-token': 'TOKEN' }, { query })))).toBe('UnknownParameter');
    }
  });

  it('is asked about at /user/whoami', () => {
    expect(parse(at('/user/whoami', { 'x-sds-auth-token': 'TOKEN' }))).toMatchObject({
      request: { operation: 'GetCallerIdentity' },
      proof: { kind: 'login' },
    });
    expect(parse(sign(at('/user/whoami'), key, how)).proof).toMatchObject({ kind: 'signature' });
  });

  it.each(['/login', '/logout', '/user/whoami'])('takes a GET without a body at %s', (path) => {
    expect(codeOf(() => parse(at(path, {}, { method: 'POST' })))).toBe('MethodNotAllowed');
    expect(codeOf(() => parse(at(path, {}, { body: 'x' })))).toBe('InvalidRequest');
  });

  const answered = (answer: Answer, request: TokenRequest, path: string, accept?: string) =>
    dialect.render(answer, request, context(at(path, accept === undefined ? {} : { accept })));
  const token = { kind: 'login', token: new Secret('NEW-TOKEN'), user: 'root' } as const;

  it('is answered with the token in a header and a cookie, and the name in the body', () => {
    expect(answered(token, { operation: 'Login' }, '/login')).toEqual({
      status: 200,
      headers: {
        'content-type': 'application/xml',
        'x-amzn-requestid': 'a:b:c:d',
        'x-sds-auth-token': 'NEW-TOKEN',
        'set-cookie': 'X-SDS-AUTH-TOKEN=NEW-TOKEN; Path=/; HttpOnly; Secure; SameSite=Strict',
      },
      body: '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<loggedIn><user>root</user></loggedIn>',
    });
    expect(answered(token, { operation: 'Login' }, '/login', 'application/json').body).toBe('{"user":"root"}');
  });

  it('is ended with the name in the body', () => {
    const answer = { kind: 'logout', user: 'root' } as const;
    expect(answered(answer, { operation: 'Logout' }, '/logout').body).toMatch(
      /<loggedOut><user>root<\/user><\/loggedOut>$/,
    );
    expect(answered(answer, { operation: 'Logout' }, '/logout', 'application/json').body).toBe('{"user":"root"}');
  });

  it('is told who it is of, as our own provider reads it', () => {
    const identity = naming.user('ns1', 'ci', 'AIDA1');
    for (const accept of ['*/*', 'application/json']) {
      const reply = answered(
        { kind: 'identity', identity },
        { operation: 'GetCallerIdentity' },
        '/user/whoami',
        accept,
      );
      expect(provider.identity?.normalize(reply)).toEqual({
        accountId: 'ns1',
        userId: 'ci',
        arn: 'urn:ecs:iam::ns1:user/ci',
        type: 'user',
      });
    }
  });
});

describe('an answer in ECS’s dialect', () => {
  const credentials = {
    accessKeyId: 'ASIA1',
    secretAccessKey: new Secret('secret'),
    sessionToken: new Secret('token'),
    expiration: new Date('2026-11-22T02:34:16.789Z'),
    subject: { arn: 'urn:ecs:sts::ns1:assumed-role/demo/a&b', id: 'AROA1:a&b' },
    packedPolicySize: 137,
  };
  const answer: Answer = { kind: 'credentials', credentials, account: 'a', cloud: 'ecs', variables: [] };
  const assume = parse(post(wanted)).request;
  const federate = parse(post(federated)).request;
  const json = { ...bare, headers: { accept: 'application/json' } };

  it('is JSON where that is asked for, without root and prefix', () => {
    const reply = dialect.render(answer, assume, context(json));
    expect(reply.headers['content-type']).toBe('application/json');
    expect(JSON.parse(reply.body)).toEqual({
      ResponseMetadata: { RequestId: 'a:b:c:d' },
      AssumeRoleResult: {
        AssumedRoleUser: { Arn: 'urn:ecs:sts::ns1:assumed-role/demo/a&b', AssumedRoleId: 'AROA1:a&b' },
        Credentials: {
          AccessKeyId: 'ASIA1',
          Expiration: '2026-11-22T02:34:16Z',
          SecretAccessKey: 'secret',
          SessionToken: 'token',
        },
        PackedPolicySize: 137,
      },
    });
  });

  it.each(['*/*', 'application/json', 'application/xml'])(
    'is what our own provider reads, with Accept: %s',
    (accept) => {
      for (const request of [assume, federate]) {
        const reply = dialect.render(answer, request, context({ ...bare, headers: { accept } }));
        const read = provider.normalize(reply, request.operation as MintOperation);
        expect(read).toMatchObject({
          accessKeyId: 'ASIA1',
          subject: credentials.subject,
          packedPolicySize: 137,
          expiration: new Date('2026-11-22T02:34:16Z'),
          upstreamRequestId: 'a:b:c:d',
        });
        expect([read.secretAccessKey.reveal(), read.sessionToken.reveal()]).toEqual(['secret', 'token']);
      }
    },
  );

  it('writes a federated user’s expiration with an offset, as the page of that operation does', () => {
    expect(dialect.render(answer, federate, context(bare)).body).toContain(
      '<FederatedUser><Arn>urn:ecs:sts::ns1:assumed-role/demo/a&#38;b</Arn><FederatedUserId>',
    );
    expect(dialect.render(answer, federate, context(bare)).body).toContain('2026-11-22T02:34:16+00:00');
  });

  it('refuses in STS’s words where STS was asked', () => {
    const error = new StsError('InvalidDuration', 'Too long & more.', { parameter: 'DurationSeconds' });
    expect(dialect.renderError(error, context({ ...bare, headers: {} }))).toEqual({
      status: 400,
      headers: { 'content-type': 'application/xml', 'x-amzn-requestid': 'a:b:c:d' },
      body:
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' +
        '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Too long &#38; more.</Message></Error><RequestId>a:b:c:d</RequestId></ErrorResponse>',
    });
    expect(JSON.parse(dialect.renderError(error, context(json)).body)).toEqual({
      Error: { Type: 'Sender', Code: 'ValidationError', Message: 'Too long & more.' },
      RequestId: 'a:b:c:d',
    });
  });

  it.each(['/login', '/logout', '/user/whoami', '/mgmt/login'])(
    'refuses in the management side’s words at %s',
    (path) => {
      const reply = dialect.renderError(new StsError('UnknownKey'), context(at(path, { accept: 'application/json' })));
      expect(reply).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': expect.stringMatching(/^Basic realm=/) },
      });
      expect(JSON.parse(reply.body)).toEqual({
        code: 4000,
        description: stsErrors.UnknownKey.title,
        details: stsErrors.UnknownKey.title,
        retryable: false,
      });
      expect(dialect.renderError(new StsError('UnknownKey'), context(at(path))).body).toContain(
        '<error><code>4000</code>',
      );
    },
  );

  it('refuses a token that counts no more by 401, at which clients log in again', () => {
    const login = provider.login as LoginExchange;
    for (const code of ['InvalidToken', 'TokenExpired', 'UnknownKey'] as const) {
      expect(login.stale(dialect.renderError(new StsError(code), context(bare)))).toBe(true);
    }
    expect(login.stale(dialect.renderError(new StsError('AccessDenied'), context(bare)))).toBe(false);
    expect(login.stale(dialect.renderError(new StsError('TokenExpired'), context({ ...bare, headers: {} })))).toBe(
      false,
    );
  });
});

describe('the codes of ECS', () => {
  const codes = Object.keys(stsErrors) as StsErrorCode[];

  it.each(codes)('say %s, and what is read of it says the same again', (code) => {
    for (const table of [ecsErrors, managementErrors]) {
      const say = (one: StsErrorCode) => meaningOf(table[one].code, table[one].status);
      expect(say(say(code))).toBe(say(code));
    }
  });

  it.each(codes)('are read by our provider from the reply that says %s', (code) => {
    for (const accept of ['*/*', 'application/json']) {
      for (const path of ['/sts', '/login']) {
        const reply = dialect.renderError(new StsError(code), context(at(path, { accept })));
        const table = path === '/sts' ? ecsErrors : managementErrors;
        expect(reply.status).toBe(table[code].status);
        expect(codeOf(() => provider.normalize(reply, 'AssumeRole'))).toBe(meaningOf(table[code].code, reply.status));
      }
    }
  });
});

describe('a reply of ECS', () => {
  const reply = (body: string, status = 200, headers: Texts = {}): HttpResponse => ({ status, headers, body });
  const read = (body: string, status?: number, headers?: Texts) =>
    provider.normalize(reply(body, status, headers), 'AssumeRole');

  it('may be wrapped in Result, as the table of its page has it', () => {
    expect(read(fixture('assume-role.result.reply.xml'))).toMatchObject({
      accessKeyId: 'ASIAFAKE000000000001',
      packedPolicySize: 1371,
      upstreamRequestId: '0a00078d:196f956a4f3:42b38:0-none',
    });
  });

  it('may be JSON, with a result around it or without', () => {
    const credentials = {
      accessKeyId: 'ASIAFAKE000000000001',
      secretAccessKey: expect.any(Secret),
      sessionToken: expect.any(Secret),
      expiration: new Date('2026-11-22T02:34:16Z'),
      packedPolicySize: 11,
    };
    expect(read(`\n ${fixture('assume-role.reply.json')}`)).toEqual({
      ...credentials,
      subject: { arn: 'urn:ecs:sts::ns1:assumed-role/demo/sess-1', id: 'AROAFAKE000000000001:sess-1' },
      upstreamRequestId: '0af9f5b8:17178fe9282:e6a4:b',
    });
    expect(read(fixture('get-federation-token.reply.json'))).toEqual({
      ...credentials,
      subject: { arn: 'urn:ecs:sts::ns1:federated-user/Bob', id: 'ns1:Bob' },
    });
  });

  const whole = fixture('assume-role.reply.xml');
  it.each(['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'])('is not whole without %s', (name) => {
    const element = new RegExp(`<${name}>[^<]*</${name}>`);
    expect(codeOf(() => read(whole.replace(element, '')))).toBe('CloudUnintelligible');
    expect(codeOf(() => read(whole.replace(element, `<${name}/>`)))).toBe('CloudUnintelligible');
  });

  it.each(['', '   ', 'OK', '{}', '[]', '<html><body>Login</body></html>', '{"Credentials":{}}', whole.slice(0, 400)])(
    'is not whole as %.30j',
    (body) => {
      expect(codeOf(() => read(body))).toBe('CloudUnintelligible');
    },
  );

  it.each([
    [fixture('refused.reply.json'), 400, 'InvalidParameter'],
    [fixture('refused.reply.xml'), 403, 'AccessDenied'],
    [fixture('management-refused.reply.xml'), 401, 'InvalidToken'],
    ['{"code":4000,"description":"x","details":"y","retryable":false}', 401, 'InvalidToken'],
    ['{"code":3000}', 403, 'AccessDenied'],
    ['{"code":6503}', 503, 'CloudUnavailable'],
    ['<ErrorResponse><Error><Code>ThrottlingException</Code></Error></ErrorResponse>', 400, 'Throttled'],
    ['<ErrorResponse><Error><Code>Mystery</Code></Error></ErrorResponse>', 400, 'CloudRefused'],
    ['<ErrorResponse><Error><Code>constructor</Code></Error></ErrorResponse>', 400, 'CloudRefused'],
    ['<html>', 502, 'CloudUnavailable'],
    ['', 429, 'Throttled'],
    ['', 403, 'AccessDenied'],
    ['', 404, 'CloudRefused'],
    ['', 302, 'InvalidToken'],
    ['', 401, 'InvalidToken'],
  ] as const)('that is %.60j with status %i means %s', (body, status, code) => {
    expect(codeOf(() => read(body, status))).toBe(code);
  });

  it('is refused with its code and the id of the request, and without its prose', () => {
    expect(() => read(fixture('refused.reply.json'), 400)).toThrow(
      expect.objectContaining({
        message: stsErrors.InvalidParameter.title,
        detail: { upstream: { status: 400, code: 'ValidationError', requestId: '0af9f5b8:17178fe9282:e6a4:b' } },
      }),
    );
  });

  it('tells who the account’s user is', () => {
    expect(provider.identity?.normalize(reply(fixture('whoami.reply.xml')))).toMatchObject({
      accountId: 'ns1',
      userId: 'ci',
    });
    const json = '{"common_name":"root","namespace":"","roles":["SYSTEM_ADMIN"]}';
    expect(provider.identity?.normalize(reply(json))).toMatchObject({ accountId: '', userId: 'root' });
    expect(codeOf(() => provider.identity?.normalize(reply('{}')))).toBe('CloudUnintelligible');
    expect(codeOf(() => provider.identity?.normalize(reply('', 401)))).toBe('InvalidToken');
  });

  it('never makes the normalizer fail in another way', () => {
    const bodies = fc.oneof(
      fc.json(),
      fc.string(),
      fc.string({ unit: fc.constantFrom('<a>', '</a>', 'b', '<Credentials>') }),
    );
    fc.assert(
      fc.property(bodies, fc.constantFrom(200, 302, 401, 403, 500), (body, status) => {
        expect(codeOf(() => read(body, status))).not.toBe('none');
      }),
    );
  });
});

describe('a request to ECS', () => {
  const account: Account = { name: 'main', cloud: 'ecs', endpoint: new URL('https://ecs.example.test:4443'), key };
  const mint = { operation: 'AssumeRole', role: wanted['RoleArn'], sessionName: 'sess-1', durationSeconds: 7200 };
  const federation = { operation: 'GetFederationToken', name: 'Bob', durationSeconds: 7200 };
  const encode = (request: object, used: Account = account): HttpRequest =>
    provider.operations.AssumeRole?.encode(
      { ...mint, ...request } as unknown as MintRequest<'AssumeRole'>,
      used,
    ) as HttpRequest;
  const federate = (request: object, used: Account = account): HttpRequest =>
    provider.operations.GetFederationToken?.encode(
      { ...federation, ...request } as unknown as MintRequest<'GetFederationToken'>,
      used,
    ) as HttpRequest;
  const moment = { now, nonce: 1 };
  const named = (path: string): Account => ({ ...account, endpoint: new URL(path, account.endpoint) });
  const said = ({ query }: HttpRequest) => {
    const reading = readQuery(query);
    return 'params' in reading ? Object.fromEntries(reading.params) : {};
  };

  it('is a POST to /sts with everything in its query', () => {
    expect(encode({ policy, policyArns: ['urn:ecs:iam:::policy/a'] })).toEqual({
      method: 'POST',
      scheme: 'https',
      host: 'ecs.example.test:4443',
      path: '/sts',
      query: `Action=AssumeRole&RoleSessionName=sess-1&RoleArn=urn%3Aecs%3Aiam%3A%3Ans1%3Arole%2Fdemo&DurationSeconds=7200&InlineSessionPolicy=${escapeText(policy)}&PolicyArns=urn%3Aecs%3Aiam%3A%3A%3Apolicy%2Fa`,
      headers: { accept: '*/*' },
      body: '',
    });
  });

  it('goes to the endpoint’s own path where that has one, with the account’s namespace', () => {
    expect(encode({}, { ...named('/mgmt/sts'), namespace: 'ns1' })).toMatchObject({
      path: '/mgmt/sts',
      headers: { 'x-emc-namespace': 'ns1' },
    });
  });

  it('asks our own dialect what was meant', () => {
    const asked = parse(encode({ policy, policyArns: ['urn:ecs:iam:::policy/a'] })).request;
    expect(asked).toMatchObject({
      role: mint.role,
      sessionName: 'sess-1',
      durationSeconds: 7200,
      policy,
      policyArns: ['urn:ecs:iam:::policy/a'],
    });
    const tags = [{ key: 'team', value: 'a b' }];
    const policyArns = ['urn:ecs:iam:::policy/a', 'urn:ecs:iam:::policy/b'];
    expect(parse(federate({ policy, policyArns, tags })).request).toMatchObject({
      name: 'Bob',
      durationSeconds: 7200,
      policy,
      policyArns,
      tags,
    });
    expect(parse(federate({ policy, policyArns: ['urn:x'] }, named('/iam'))).request).toMatchObject({
      name: 'Bob',
      durationSeconds: 7200,
      policy,
      policyArns: ['urn:x'],
    });
  });

  it('spells GetFederationToken as the release that serves it at that path', () => {
    expect(Object.keys(said(federate({ policy })))).toEqual(['Action', 'UserName', 'DurationSeconds', 'Policy']);
    expect(Object.keys(said(federate({ policy }, named('/iam'))))).toEqual([
      'Action',
      'UserName',
      'StsDurationSeconds',
      'StsInlineSessionPolicy',
    ]);
  });

  it('is not made where it would lose, or might lose, what narrows it', () => {
    for (const name of ['tags', 'transitiveTagKeys', 'externalId', 'sourceIdentity', 'serialNumber', 'tokenCode']) {
      expect([name, codeOf(() => encode({ [name]: ['x'] }))]).toEqual([name, 'InvalidParameter']);
    }
    expect(codeOf(() => encode({ policyArns: ['urn:a', 'urn:b'] }))).toBe('InvalidParameter');
    expect(codeOf(() => federate({ tags: [] }, named('/iam')))).toBe('InvalidParameter');
  });

  it('is signed with an empty scope, or with the account’s region', () => {
    const regional = { ...account, region: 'us-east-1' };
    const plain = provider.sign(encode({}), account, key, moment);
    const scoped = provider.sign(encode({}, regional), regional, key, moment);
    expect(plain.headers['authorization']).toContain(`Credential=${key.id}/20261122///aws4_request`);
    expect(scoped.headers['authorization']).toContain(`Credential=${key.id}/20261122/us-east-1/sts/aws4_request`);
    for (const sent of [plain, scoped]) {
      const { proof } = parse(sent);
      expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    }
  });

  describe('by login', () => {
    const login = provider.login as LoginExchange;

    it('is the usual way, unless the account signs', () => {
      expect(login.wanted(account)).toBe(true);
      expect(login.wanted({ ...account, signature: 'X-SDS-AUTH-TOKEN' })).toBe(true);
      expect(login.wanted({ ...account, signature: 'SigV4' })).toBe(false);
    });

    it.each([
      ['/', '/login', '/user/whoami'],
      ['/sts', '/login', '/user/whoami'],
      ['/iam', '/login', '/user/whoami'],
      ['/mgmt/sts', '/mgmt/login', '/mgmt/user/whoami'],
      ['/mgmt/', '/mgmt/login', '/mgmt/user/whoami'],
    ])('logs in beside %s', (endpoint, path, whoami) => {
      expect(login.encode(named(endpoint))).toMatchObject({ method: 'GET', path, query: '', body: '' });
      expect(provider.identity?.encode(named(endpoint))).toMatchObject({ method: 'GET', path: whoami });
    });

    it('shows our own dialect the account’s name and password', () => {
      const { request, proof } = parse(login.encode(account));
      expect(request).toEqual({ operation: 'Login' });
      expect(proof.kind === 'password' && [proof.accessKeyId, proof.secret.reveal()]).toEqual([
        key.id,
        key.secret.reveal(),
      ]);
    });

    it('takes the token of the reply and shows it', () => {
      const answer = { kind: 'login', token: new Secret('NEW-TOKEN'), user: 'root' } as const;
      const reply = dialect.render(answer, { operation: 'Login' }, context(at('/login')));
      const { proof } = parse(login.apply(encode({}), login.normalize(reply)));
      expect(proof.kind === 'login' && proof.token.reveal()).toBe('NEW-TOKEN');
    });

    it('makes no login without a name and password that can be said', () => {
      const { key: _, ...keyless } = account;
      expect(codeOf(() => login.encode(keyless))).toBe('Misconfigured');
      expect(codeOf(() => login.encode({ ...account, key: { id: 'a:b', secret: key.secret } }))).toBe('Misconfigured');
    });

    it('tells a login that failed from one without a token', () => {
      const reply = (status: number, headers: Texts, body = '') =>
        codeOf(() => login.normalize({ status, headers, body }));
      expect(reply(200, { 'x-sds-auth-token': 'T' })).toBe('none');
      expect(reply(200, {})).toBe('CloudUnintelligible');
      expect(reply(200, { 'x-sds-auth-token': 'a b' })).toBe('CloudUnintelligible');
      expect(reply(401, {})).toBe('InvalidToken');
      expect(reply(401, { 'x-sds-auth-token': 'T' }, '{"code":4000}')).toBe('InvalidToken');
      expect(reply(503, {})).toBe('CloudUnavailable');
    });

    it('is over at 401, or where the reply leads to the login page', () => {
      const reply = (status: number, headers: Texts = {}) => login.stale({ status, headers, body: '' });
      expect(reply(401)).toBe(true);
      expect(reply(302, { location: 'https://ecs.example.test:4443/login?using-cookies=true' })).toBe(true);
      expect(reply(302, { location: 'https://elsewhere.example.test/' })).toBe(false);
      expect(reply(302)).toBe(false);
      expect(reply(200)).toBe(false);
      expect(reply(403)).toBe(false);
    });
  });
});

describe('the names of ECS', () => {
  const session = {
    accountId: 'ns1',
    kind: 'role',
    roleName: 'demo',
    roleId: 'AROA1',
    callerId: 'AIDA1',
    callerName: 'ci',
    sessionName: 'sess',
  } as const;

  it('are URNs with the namespace where AWS has the account', () => {
    expect(naming.roles('ns1', 'demo', '')).toEqual(['urn:ecs:iam::ns1:role/demo']);
    expect(naming.user('ns1', 'ci', 'AIDA1')).toMatchObject({ arn: 'urn:ecs:iam::ns1:user/ci', userId: 'AIDA1' });
    expect(naming.subject(session)).toEqual({ arn: 'urn:ecs:sts::ns1:assumed-role/demo/sess', id: 'AROA1:sess' });
    expect(naming.subject({ ...session, kind: 'federated' })).toEqual({
      arn: 'urn:ecs:sts::ns1:federated-user/sess',
      id: 'ns1:sess',
    });
    expect(naming.session({ ...session, kind: 'user' })).toMatchObject({
      arn: 'urn:ecs:iam::ns1:user/ci',
      userId: 'AIDA1',
      type: 'user',
    });
  });

  it('are the same for the same seed, and of the system’s form', () => {
    expect(naming.identifier('account', 'seed')).toMatch(/^ns[a-z]{6}$/);
    expect(naming.identifier('role', 'seed')).toMatch(/^AROA[0-9A-F]{16}$/);
    expect(naming.identifier('user', 'seed')).toMatch(/^AIDA[0-9A-F]{16}$/);
    expect(naming.identifier('role', 'seed')).toBe(naming.identifier('role', 'seed'));
    expect(naming.accessKeyId(new Uint8Array(20).fill(0xab))).toBe('ASIAABABABABABABABAB');
  });
});

describe('the variables of the tools that read from ECS', () => {
  it('are AWS’s', () => {
    const credentials = {
      accessKeyId: 'id',
      secretAccessKey: new Secret('secret'),
      sessionToken: new Secret('token'),
      expiration: now,
    };
    const account: Account = {
      name: 'main',
      cloud: 'ecs',
      endpoint: new URL('https://ecs.example.test'),
      region: 'r1',
    };
    expect(ecs.variables?.(credentials, account)).toEqual([
      ['AWS_ACCESS_KEY_ID', 'id'],
      ['AWS_SECRET_ACCESS_KEY', 'secret'],
      ['AWS_SESSION_TOKEN', 'token'],
      ['AWS_CREDENTIAL_EXPIRATION', '2026-11-22T01:34:16.000Z'],
      ['AWS_REGION', 'r1'],
    ]);
  });
});
