import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../lib/core/cloud.ts';
import { StsError, type StsErrorCode } from '../../../lib/core/errors.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import {
  bare,
  context,
  dialect,
  federated,
  fixture,
  now,
  parse,
  policy,
  post,
  provider,
  type Texts,
  wanted,
} from '../../support/clouds/ecs.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

const without = (params: Texts, ...names: readonly string[]): Texts =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));

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
    const answer: Answer = { kind: 'credentials', credentials, account: 'a', cloud: 'ecs', variables: () => [] };
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
    expect(refusalCode(() => parse(post(params)))).toBe(code);
    if (parameter !== undefined) {
      expect(() => parse(post(params))).toThrow(expect.objectContaining({ detail: { parameter } }));
    }
  });

  it('takes the whole range of each duration', () => {
    for (const DurationSeconds of ['900', '43200']) {
      expect(refusalCode(() => parse(post({ ...wanted, DurationSeconds })))).toBe('none');
    }
    expect(refusalCode(() => parse(post({ ...federated, DurationSeconds: '129600' })))).toBe('none');
  });

  it('is refused with a parameter twice, in the query and the body or in one of them', () => {
    const type = { ...bare.headers, 'content-type': 'application/x-www-form-urlencoded' };
    expect(refusalCode(() => parse(post(wanted, { headers: type, body: 'RoleArn=x' })))).toBe('InvalidRequest');
    expect(refusalCode(() => parse(post({}, { query: 'Action=AssumeRole&Action=AssumeRole' })))).toBe('InvalidRequest');
  });

  it('is refused by another method', () => {
    expect(refusalCode(() => parse(post(wanted, { method: 'PUT' })))).toBe('MethodNotAllowed');
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
        const code = refusalCode(() => parse(request));
        if (code !== 'none') {
          const reply = dialect.renderError(new StsError(code), context(request));
          expect(refusalCode(() => provider.normalize(reply, 'AssumeRole'))).not.toBe('none');
        }
      }),
    );
  });
});
