import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aws } from '../../lib/clouds/aws/cloud.ts';
import { awsErrors, meaningOf } from '../../lib/clouds/aws/errors.ts';
import type { Account, Answer, DialectContext } from '../../lib/core/cloud.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../lib/core/errors.ts';
import type { HttpRequest, HttpResponse } from '../../lib/core/http.ts';
import type { MintOperation, TokenRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { presign } from '../../lib/signers/sigv4-presign.ts';
import { writeQuery } from '../../lib/wire/query.ts';
import { readXml } from '../../lib/wire/xml.ts';
import { vectorsOf } from '../support/vectors.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../lib/clouds/aws/fixtures/${name}`, import.meta.url), 'utf8');

const { dialect, provider, naming } = aws;
const now = new Date('2026-11-22T01:34:16Z');
const key = { id: 'AKIAFAKEEXAMPLE00001', secret: new Secret('fakeSecretAccessKeyForTestsOnly000000001') };
const how = { now, region: 'us-east-1', service: 'sts' };
const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const arn = (name: string): string => `arn:aws:iam::123456789012:policy/${name}`;

type Texts = Readonly<Record<string, string>>;
const role = 'arn:aws:iam::123456789012:role/demo';
const assume: Texts = { Action: 'AssumeRole', RoleArn: role, RoleSessionName: 'sess-1' };
const federate: Texts = { Action: 'GetFederationToken', Name: 'Bob' };
const session: Texts = { Action: 'GetSessionToken' };
const webIdentity: Texts = {
  Action: 'AssumeRoleWithWebIdentity',
  RoleArn: role,
  RoleSessionName: 'sess-1',
  WebIdentityToken: 'eyJ.eyJ.sig',
};

const bare: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'sts.amazonaws.com',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: '',
};
const version = { Version: '2011-06-15' };
const post = (params: Texts, change: Partial<HttpRequest> = {}): HttpRequest => ({
  ...bare,
  body: writeQuery(Object.entries({ ...version, ...params })),
  ...change,
});
const get = (params: Texts): HttpRequest => ({
  ...bare,
  method: 'GET',
  headers: {},
  query: writeQuery(Object.entries({ ...version, ...params })),
});
const without = (params: Texts, ...names: readonly string[]): Texts =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
const context = (request: HttpRequest = bare): DialectContext => ({ request, requestId: 'request-1', now });
const parse = (request: HttpRequest) => dialect.parse(context(request));
const asked = (params: Texts): TokenRequest => parse(post(params)).request;
const codeOf = (act: () => unknown): StsErrorCode | 'none' => {
  try {
    act();
    return 'none';
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(StsError);
    return (thrown as StsError).code;
  }
};

describe('a request in AWS’s dialect', () => {
  it.each([
    ['a form', post(assume)],
    [
      'a form whose type names a charset',
      post(assume, { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } }),
    ],
    ['a GET', get(assume)],
    [
      'a POST with everything in its query',
      post({}, { query: writeQuery(Object.entries({ ...version, ...assume })), body: '' }),
    ],
    ['a POST with some in its query', post(without(assume, 'Action'), { query: 'Action=AssumeRole' })],
    [
      'a form in which blanks are pluses',
      post({}, { body: `Version=2011-06-15&Action=AssumeRole&RoleSessionName=sess-1&RoleArn=${role}` }),
    ],
  ])('may be %s', (_, request) => {
    expect(dialect.recognizes(request)).toBe(true);
    expect(parse(request).request).toEqual({
      operation: 'AssumeRole',
      role,
      sessionName: 'sess-1',
      defaultDurationSeconds: 3600,
    });
  });

  it('may ask a role for all that AWS knows', () => {
    const all = {
      ...assume,
      DurationSeconds: '900',
      Policy: policy,
      'PolicyArns.member.1.arn': arn('a'),
      'PolicyArns.member.2.arn': arn('b'),
      'Tags.member.1.Key': 'Pro ject',
      'Tags.member.1.Value': 'a=b c',
      'Tags.member.2.Key': 'Empty',
      'Tags.member.2.Value': '',
      'TransitiveTagKeys.member.1': 'Pro ject',
      ExternalId: 'x:/y=z',
      SerialNumber: 'arn:aws:iam::123456789012:mfa/u',
      TokenCode: '123456',
      SourceIdentity: 'DevUser@123',
    };
    expect(asked(all)).toEqual({
      operation: 'AssumeRole',
      role,
      sessionName: 'sess-1',
      durationSeconds: 900,
      defaultDurationSeconds: 3600,
      policy,
      policyArns: [arn('a'), arn('b')],
      tags: [
        { key: 'Pro ject', value: 'a=b c' },
        { key: 'Empty', value: '' },
      ],
      transitiveTagKeys: ['Pro ject'],
      externalId: 'x:/y=z',
      serialNumber: 'arn:aws:iam::123456789012:mfa/u',
      tokenCode: expect.any(Secret),
      sourceIdentity: 'DevUser@123',
    });
  });

  it('may ask for the other operations', () => {
    expect(asked({ ...federate, Policy: policy })).toEqual({
      operation: 'GetFederationToken',
      name: 'Bob',
      defaultDurationSeconds: 43_200,
      policy,
    });
    expect(asked({ ...session, DurationSeconds: '129600' })).toEqual({
      operation: 'GetSessionToken',
      durationSeconds: 129_600,
      defaultDurationSeconds: 43_200,
    });
    expect(asked({ ...webIdentity, ProviderId: 'www.amazon.com' })).toEqual({
      operation: 'AssumeRoleWithWebIdentity',
      role,
      sessionName: 'sess-1',
      webIdentityToken: expect.any(Secret),
      defaultDurationSeconds: 3600,
      providerId: 'www.amazon.com',
    });
    expect(asked({ Action: 'GetCallerIdentity' })).toEqual({ operation: 'GetCallerIdentity' });
  });

  /** Each parameter with a rule: the values at its bounds, which are taken, and those just beyond, which are not. */
  const bounds: readonly { name: string; base: Texts; good: readonly string[]; bad: readonly string[] }[] = [
    {
      name: 'RoleArn',
      base: assume,
      good: ['a'.repeat(20), 'a'.repeat(2048)],
      bad: ['a'.repeat(19), 'a'.repeat(2049)],
    },
    {
      name: 'RoleSessionName',
      base: assume,
      good: ['ab', 'a'.repeat(64), 'a_+=,.@-Z9'],
      bad: ['a', 'a'.repeat(65), 'a b', 'a/b', 'é1'],
    },
    { name: 'RoleSessionName', base: webIdentity, good: ['ab'], bad: ['a', 'a:b'] },
    {
      name: 'DurationSeconds',
      base: assume,
      good: ['900', '43200'],
      bad: ['899', '43201', '-900', '9e2', '900.0', '0x384', ' 900'],
    },
    { name: 'DurationSeconds', base: federate, good: ['900', '129600'], bad: ['899', '129601'] },
    { name: 'DurationSeconds', base: session, good: ['900', '129600'], bad: ['899', '129601'] },
    { name: 'DurationSeconds', base: webIdentity, good: ['900', '43200'], bad: ['899', '43201'] },
    {
      name: 'Policy',
      base: assume,
      good: ['{', 'x'.repeat(2048), '\t\n\r ÿ'],
      bad: ['', 'x'.repeat(2049), 'Ā', '\u0000', '测'],
    },
    {
      name: 'PolicyArns.member.1.arn',
      base: assume,
      good: ['a'.repeat(20), 'a'.repeat(2048)],
      bad: ['', 'a'.repeat(19), 'a'.repeat(2049)],
    },
    {
      name: 'ExternalId',
      base: assume,
      good: ['ab', 'a'.repeat(1224), 'a+=,.@:/-'],
      bad: ['a', 'a'.repeat(1225), 'a b'],
    },
    {
      name: 'SerialNumber',
      base: assume,
      good: ['a'.repeat(9), 'a'.repeat(256)],
      bad: ['a'.repeat(8), 'a'.repeat(257), 'a b c d e f'],
    },
    { name: 'TokenCode', base: session, good: ['123456'], bad: ['12345', '1234567', '12345a'] },
    { name: 'SourceIdentity', base: assume, good: ['ab', 'a'.repeat(64)], bad: ['a', 'a'.repeat(65), 'a b'] },
    {
      name: 'TransitiveTagKeys.member.1',
      base: assume,
      good: ['a', 'a'.repeat(128)],
      bad: ['', 'a'.repeat(129), 'a*b'],
    },
    {
      name: 'Tags.member.1.Key',
      base: assume,
      good: ['a', 'é 测_.:/=+-@', 'a'.repeat(128)],
      bad: ['', 'a'.repeat(129), 'a*b'],
    },
    {
      name: 'Tags.member.1.Value',
      base: { ...assume, 'Tags.member.1.Key': 'k' },
      good: ['', 'a'.repeat(256)],
      bad: ['a'.repeat(257), 'a*b'],
    },
    { name: 'Name', base: federate, good: ['ab', 'a'.repeat(32), 'a=,.@-'], bad: ['', 'a', 'a'.repeat(33), 'a b'] },
    {
      name: 'WebIdentityToken',
      base: webIdentity,
      good: ['abcd', 'a'.repeat(20_000)],
      bad: ['', 'abc', 'a'.repeat(20_001)],
    },
    { name: 'ProviderId', base: webIdentity, good: ['abcd', 'a'.repeat(2048)], bad: ['abc', 'a'.repeat(2049)] },
  ];
  it.each(bounds)('holds $name of $base.Action to its bounds', ({ name, base, good, bad }) => {
    for (const value of good) expect([value, codeOf(() => asked({ ...base, [name]: value }))]).toEqual([value, 'none']);
    for (const value of bad) {
      expect(() => asked({ ...base, [name]: value })).toThrow(StsError);
      expect([value, codeOf(() => asked({ ...base, [name]: value }))]).not.toEqual([value, 'none']);
    }
  });

  const listed = (name: (index: number) => string, value: (index: number) => string, count: number): Texts =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index + 1), value(index + 1)]));
  const policies = (count: number) =>
    listed(
      (index) => `PolicyArns.member.${index}.arn`,
      (index) => arn(`p${index}`),
      count,
    );
  const tags = (count: number) =>
    listed(
      (index) => `Tags.member.${index}.Key`,
      (index) => `k${index}`,
      count,
    );
  const transitive = (count: number) =>
    listed(
      (index) => `TransitiveTagKeys.member.${index}`,
      (index) => `k${index}`,
      count,
    );

  it('holds its lists to their lengths', () => {
    expect(asked({ ...assume, ...policies(10) })).toMatchObject({ policyArns: { length: 10 } });
    expect(asked({ ...assume, ...tags(50) })).toMatchObject({ tags: { length: 50 } });
    expect(asked({ ...assume, ...transitive(50) })).toMatchObject({ transitiveTagKeys: { length: 50 } });
    for (const list of [policies(11), tags(51), transitive(51)]) {
      expect(codeOf(() => asked({ ...assume, ...list }))).toBe('InvalidParameter');
    }
  });

  it('keeps its lists in the order of their numbers, however they came', () => {
    const shuffled = Object.fromEntries(Object.entries(policies(10)).toReversed());
    expect(asked({ ...assume, ...shuffled })).toEqual(asked({ ...assume, ...policies(10) }));
  });

  const refusals: readonly { what: string; params: Texts; code: StsErrorCode; parameter?: string }[] = [
    { what: 'no Action', params: without(assume, 'Action'), code: 'MissingOperation', parameter: 'Action' },
    {
      what: 'an unknown Action',
      params: { ...assume, Action: 'MakeCoffee' },
      code: 'UnknownOperation',
      parameter: 'Action',
    },
    {
      what: 'an Action in small letters',
      params: { ...assume, Action: 'assumerole' },
      code: 'UnknownOperation',
      parameter: 'Action',
    },
    {
      what: 'an Action of an object’s own',
      params: { ...assume, Action: 'constructor' },
      code: 'UnknownOperation',
      parameter: 'Action',
    },
    {
      what: 'another Version',
      params: { ...assume, Version: '2010-05-08' },
      code: 'UnsupportedVersion',
      parameter: 'Version',
    },
    { what: 'no RoleArn', params: without(assume, 'RoleArn'), code: 'MissingParameter', parameter: 'RoleArn' },
    {
      what: 'no RoleSessionName',
      params: without(assume, 'RoleSessionName'),
      code: 'MissingParameter',
      parameter: 'RoleSessionName',
    },
    { what: 'no Name', params: without(federate, 'Name'), code: 'MissingParameter', parameter: 'Name' },
    {
      what: 'no WebIdentityToken',
      params: without(webIdentity, 'WebIdentityToken'),
      code: 'MissingParameter',
      parameter: 'WebIdentityToken',
    },
    {
      what: 'a policy and ARNs too long together',
      params: { ...assume, Policy: 'x'.repeat(2020), 'PolicyArns.member.1.arn': arn('abc') },
      code: 'PolicyTooLarge',
      parameter: 'Policy',
    },
    {
      what: 'an empty policy, which is not the same as none',
      params: { ...assume, Policy: '' },
      code: 'InvalidParameter',
      parameter: 'Policy',
    },
    {
      what: 'a policy ARN without its .arn',
      params: { ...assume, 'PolicyArns.member.1': arn('a') },
      code: 'MissingParameter',
      parameter: 'PolicyArns.member.1.arn',
    },
    {
      what: 'policy ARNs that begin at 2',
      params: { ...assume, 'PolicyArns.member.2.arn': arn('a') },
      code: 'InvalidParameter',
      parameter: 'PolicyArns.member',
    },
    {
      what: 'policy ARNs that begin at 0',
      params: { ...assume, 'PolicyArns.member.0.arn': arn('a') },
      code: 'InvalidParameter',
      parameter: 'PolicyArns.member',
    },
    {
      what: 'policy ARNs with a gap',
      params: { ...assume, ...policies(1), 'PolicyArns.member.3.arn': arn('a') },
      code: 'InvalidParameter',
      parameter: 'PolicyArns.member',
    },
    {
      what: 'policy ARNs numbered 01',
      params: { ...assume, 'PolicyArns.member.01.arn': arn('a') },
      code: 'InvalidParameter',
      parameter: 'PolicyArns.member',
    },
    {
      what: 'policy ARNs numbered by words',
      params: { ...assume, 'PolicyArns.member.one.arn': arn('a') },
      code: 'InvalidParameter',
      parameter: 'PolicyArns.member',
    },
    {
      what: 'a tag without its key',
      params: { ...assume, 'Tags.member.1.Value': 'v' },
      code: 'MissingParameter',
      parameter: 'Tags.member.1.Key',
    },
    {
      what: 'a tag twice',
      params: { ...assume, 'Tags.member.1.Key': 'a', 'Tags.member.2.Key': 'a' },
      code: 'InvalidParameter',
      parameter: 'Tags',
    },
    {
      what: 'tags that differ in case alone',
      params: { ...assume, 'Tags.member.1.Key': 'team', 'Tags.member.2.Key': 'Team' },
      code: 'InvalidParameter',
      parameter: 'Tags',
    },
  ];
  it.each(refusals)('is refused with $what', ({ params, code, parameter }) => {
    expect(codeOf(() => asked(params))).toBe(code);
    if (parameter !== undefined) {
      expect(() => asked(params)).toThrow(expect.objectContaining({ detail: { parameter } }));
    }
  });

  it('may leave an empty list to be nothing, as botocore writes one', () => {
    expect(asked({ ...assume, PolicyArns: '', Tags: '' })).not.toHaveProperty('policyArns');
  });

  it.each([
    [
      'a parameter twice in the body',
      post({}, { body: 'Action=AssumeRole&Version=2011-06-15&Action=AssumeRole' }),
      'InvalidRequest',
    ],
    [
      'a parameter twice in the query',
      { ...get({}), query: 'Version=2011-06-15&Version=2011-06-15' },
      'InvalidRequest',
    ],
    ['a parameter in the query and the body', post(assume, { query: 'RoleArn=x' }), 'InvalidRequest'],
    ['a GET with a body', { ...get(assume), body: 'a=b' }, 'InvalidRequest'],
    ['a body of another type', post(assume, { headers: { 'content-type': 'application/json' } }), 'InvalidRequest'],
    ['an escape that is no UTF-8', post({}, { body: 'Version=2011-06-15&Action=%ff' }), 'InvalidRequest'],
    ['more than a hundred parameters', post(listed((index) => `p${index}`, String, 101)), 'InvalidRequest'],
    ['another method', post(assume, { method: 'DELETE' }), 'MethodNotAllowed'],
  ] as const)('is refused as %s', (_, request, code) => {
    expect(codeOf(() => parse(request))).toBe(code);
  });

  it('is told by its shape from what is none', () => {
    expect(dialect.recognizes(get({ Action: 'GetCallerIdentity' }))).toBe(true);
    expect(dialect.recognizes(sign({ ...bare, body: 'a=b' }, key, how))).toBe(true);
    expect(dialect.recognizes(post({ Version: '2018-08-13' }))).toBe(false);
    expect(dialect.recognizes(bare)).toBe(false);
    expect(dialect.recognizes({ ...bare, headers: { authorization: 'TC3-HMAC-SHA256 x' } })).toBe(false);
  });

  it('is never a crash, and never quotes what it held', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 20 });
    const names = fc.oneof(
      texts,
      fc.constantFrom(
        'Action',
        'Version',
        'RoleArn',
        'Policy',
        'Tags.member.1',
        'PolicyArns.member.',
        'DurationSeconds',
      ),
    );
    const bodies = fc.oneof(texts, fc.array(fc.tuple(names, texts), { maxLength: 8 }).map(writeQuery));
    fc.assert(
      fc.property(bodies, texts, texts, fc.constantFrom('GET', 'POST', 'PUT'), (body, query, authorization, method) => {
        const request = {
          ...bare,
          method,
          query,
          body,
          headers: { ...bare.headers, authorization: `AWS4-${authorization}` },
        };
        expect(() => dialect.recognizes(request)).not.toThrow();
        const code = codeOf(() => parse(request));
        if (code !== 'none')
          expect(readXml(dialect.renderError(new StsError(code), context(request)).body)?.name).toBe('ErrorResponse');
      }),
    );
    for (const name of ['RoleSessionName', 'ExternalId', 'Action', 'DurationSeconds']) {
      expect(() => asked({ ...assume, [name]: 'top secret' })).not.toThrow(/top secret/);
    }
  });
});

describe('the proof of a request to AWS', () => {
  it('is a signature in its headers', () => {
    const { proof } = parse(sign(post(assume), { ...key, token: new Secret('TOKEN') }, how));
    expect(proof).toMatchObject({ kind: 'signature', scheme: 'sigv4', accessKeyId: key.id });
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    expect(proof.kind === 'signature' && proof.sessionToken?.reveal()).toBe('TOKEN');
  });

  it('is a presigned URL, which signs no body and so may have none', () => {
    const presigned = presign(get({ Action: 'GetCallerIdentity' }), key, { ...how, expiresSeconds: 60 });
    const { request, proof } = parse(presigned);
    expect(request).toEqual({ operation: 'GetCallerIdentity' });
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
    expect(codeOf(() => parse({ ...presigned, method: 'PUT' }))).toBe('MethodNotAllowed');
    const posted = { ...presigned, method: 'POST', body: 'Policy=x', headers: bare.headers };
    expect(codeOf(() => parse(posted))).toBe('InvalidRequest');
  });

  it('is the identity token of AssumeRoleWithWebIdentity, and no signature beside it', () => {
    const { proof } = parse(sign(post(webIdentity), key, how));
    expect(proof.kind === 'jwt' && proof.token.reveal()).toBe('eyJ.eyJ.sig');
  });

  it('is none without a signature, and refused with half of one', () => {
    expect(parse(post(assume)).proof).toEqual({ kind: 'none' });
    const half = post(assume, { headers: { ...bare.headers, authorization: 'AWS4-HMAC-SHA256 Credential=x' } });
    expect(codeOf(() => parse(half))).toBe('MalformedAuthorization');
  });

  it('counts under a name that the gateway hid', () => {
    const behind = { ...sign(post(assume), key, how), host: '10.0.0.1' };
    const { proof } = dialect.parse({ ...context(behind), publicHosts: ['sts.amazonaws.com'] });
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
  });

  it.each(vectorsOf('aws-sigv4', 'aws-sigv4-query').map((vector) => ({ name: vector.name, vector })))(
    'is believed as the AWS SDKs make it: $name',
    ({ vector }) => {
      const { expected } = vector;
      const written = writeQuery(Object.entries(vector.params ?? {}) as [string, string][]);
      const request: HttpRequest = {
        ...bare,
        method: vector.method,
        host: vector.host,
        path: vector.path,
        query:
          expected.authorization === undefined
            ? `${written}&X-Amz-Signature=${expected.signature}`
            : vector.query || written,
        headers: {
          ...vector.headers,
          ...(expected.authorization === undefined ? {} : { authorization: expected.authorization }),
        },
        body: vector.body ?? '',
      };
      expect(dialect.recognizes(request)).toBe(true);
      const code = codeOf(() => parse(request));
      // Some carry what STS's own rules refuse: a policy beyond Latin-1, a tag with an ampersand.
      if (code !== 'none') {
        expect([code, decodeURIComponent(`${vector.body}${written}`)]).toEqual([
          'InvalidParameter',
          expect.stringMatching(/中|a&b/),
        ]);
      } else {
        const { proof } = parse(request);
        expect(proof.kind === 'signature' && proof.verify(new Secret(vector.secretKey))).toBe(true);
        expect(proof.kind === 'signature' && proof.verify(new Secret('other'))).toBe(false);
      }
    },
  );
});

describe('an answer in AWS’s dialect', () => {
  const credentials = {
    accessKeyId: 'ASIA1',
    secretAccessKey: new Secret('se/cr+et'),
    sessionToken: new Secret('to<k>en'),
    expiration: new Date('2026-11-22T02:34:16.789Z'),
    subject: { arn: 'arn:aws:sts::123456789012:assumed-role/demo/sess-1', id: 'AROA1:sess-1' },
    packedPolicySize: 6,
    sourceIdentity: 'Alice',
    webIdentity: { subject: 'sub', audience: 'aud', provider: 'www.amazon.com' },
  };
  const answer: Answer = { kind: 'credentials', credentials, account: 'a', cloud: 'aws', variables: [] };

  it.each(['AssumeRole', 'AssumeRoleWithWebIdentity', 'GetFederationToken', 'GetSessionToken'] as const)(
    'to %s is what our own provider reads',
    (operation) => {
      const params = {
        AssumeRole: assume,
        AssumeRoleWithWebIdentity: webIdentity,
        GetFederationToken: federate,
        GetSessionToken: session,
      };
      const reply = dialect.render(answer, asked(params[operation]), context());
      expect(reply).toMatchObject({
        status: 200,
        headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'request-1' },
      });
      expect(reply.body).toMatch(
        `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result>`,
      );
      const read = provider.normalize(reply, operation);
      expect(read).toMatchObject({
        accessKeyId: 'ASIA1',
        expiration: new Date('2026-11-22T02:34:16Z'),
        upstreamRequestId: 'request-1',
      });
      expect([read.secretAccessKey.reveal(), read.sessionToken.reveal()]).toEqual(['se/cr+et', 'to<k>en']);
      expect(read.subject).toEqual(operation === 'GetSessionToken' ? undefined : credentials.subject);
    },
  );

  it('says of a federated user and an assumed role what each is called', () => {
    expect(dialect.render(answer, asked(federate), context()).body).toContain(
      '<FederatedUser><FederatedUserId>AROA1:sess-1</FederatedUserId><Arn>',
    );
    expect(dialect.render(answer, asked(assume), context()).body).toContain(
      '<AssumedRoleUser><AssumedRoleId>AROA1:sess-1</AssumedRoleId><Arn>',
    );
  });

  it('leaves out what the cloud did not tell', () => {
    const { subject: _, packedPolicySize: __, sourceIdentity: ___, webIdentity: ____, ...least } = credentials;
    const reply = dialect.render({ ...answer, credentials: least }, asked(assume), context());
    expect(reply.body).not.toMatch(/AssumedRoleUser|PackedPolicySize|SourceIdentity|Audience|undefined/);
  });

  it('says who the caller is', () => {
    const identity = naming.user('123456789012', 'ci', 'AIDA1');
    const reply = dialect.render({ kind: 'identity', identity }, { operation: 'GetCallerIdentity' }, context());
    expect(provider.identity?.normalize(reply)).toEqual({
      accountId: '123456789012',
      userId: 'AIDA1',
      arn: 'arn:aws:iam::123456789012:user/ci',
    });
  });

  it('is none to what AWS cannot be asked', () => {
    const login = { kind: 'login', token: new Secret('x'), user: 'u' } as const;
    expect(codeOf(() => dialect.render(login, { operation: 'Login' }, context()))).toBe('Internal');
  });

  it('refuses with the whole document, without which the SDKs lose the code', () => {
    expect(dialect.renderError(new StsError('AccessDenied', 'Not <you>.'), context())).toEqual({
      status: 403,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': 'request-1' },
      body: '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not &#60;you&#62;.</Message></Error><RequestId>request-1</RequestId></ErrorResponse>',
    });
    expect(dialect.renderError(new StsError('CloudUnavailable'), context()).body).toContain('<Type>Receiver</Type>');
  });

  it('tells a clock that is wrong in the words that clients look for', () => {
    const { body } = dialect.renderError(new StsError('RequestExpired'), context());
    expect(body).toContain(
      '<Code>SignatureDoesNotMatch</Code><Message>Signature expired: the time here is 2026-11-22T01:34:16Z',
    );
  });
});

describe('the codes of AWS', () => {
  const codes = Object.keys(stsErrors) as StsErrorCode[];

  it.each(codes)('say %s, and what is read of it says the same again', (code) => {
    const say = (one: StsErrorCode) => meaningOf(awsErrors[one].code, awsErrors[one].status);
    expect(say(say(code))).toBe(say(code));
  });

  it.each(codes)('are read by our provider from the reply that says %s', (code) => {
    const reply = dialect.renderError(new StsError(code), context());
    expect(codeOf(() => provider.normalize(reply, 'AssumeRole'))).toBe(
      meaningOf(awsErrors[code].code, awsErrors[code].status),
    );
  });
});

describe('a reply of AWS, or of what speaks like it', () => {
  const reply = (body: string, status = 200, headers: Texts = {}): HttpResponse => ({ status, headers, body });
  const read = (body: string, status?: number, headers?: Texts, operation: MintOperation = 'AssumeRole') =>
    provider.normalize(reply(body, status, headers), operation);
  const triad = { secretAccessKey: expect.any(Secret), sessionToken: expect.any(Secret) };

  it('is read as its own pages print it: AssumeRole', () => {
    const credentials = read(fixture('assume-role.reply.xml'));
    expect(credentials).toEqual({
      ...triad,
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      expiration: new Date('2019-11-09T13:34:41Z'),
      subject: { arn: 'arn:aws:sts::123456789012:assumed-role/demo/TestAR', id: 'ARO123EXAMPLE123:TestAR' },
      packedPolicySize: 6,
      sourceIdentity: 'Alice',
      upstreamRequestId: 'c6104cbe-af31-11e0-8154-cbc7ccf896c7',
    });
    expect(credentials.secretAccessKey.reveal()).toBe('wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY');
    expect(credentials.sessionToken.reveal()).toMatch(/^AQoDYXdz[\s\S]*oLxBA==$/);
  });

  it('is read as its own pages print it: GetFederationToken', () => {
    const credentials = read(fixture('get-federation-token.reply.xml'), 200, {}, 'GetFederationToken');
    expect(credentials).toMatchObject({
      expiration: new Date('2011-07-15T23:28:33.359Z'),
      subject: { arn: 'arn:aws:sts::123456789012:federated-user/Bob', id: '123456789012:Bob' },
    });
    expect(credentials.secretAccessKey.reveal()).toBe('wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY');
  });

  it('is read as its own pages print it: GetSessionToken, which names nobody', () => {
    const credentials = read(fixture('get-session-token.reply.xml'), 200, {}, 'GetSessionToken');
    expect(credentials).toEqual({
      ...triad,
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      expiration: new Date('2011-07-11T19:55:29.611Z'),
      upstreamRequestId: '58c5dbae-abef-11e0-8cfe-09039844ac7d',
    });
  });

  it('is read as its own pages print it: AssumeRoleWithWebIdentity', () => {
    const body = fixture('assume-role-with-web-identity.reply.xml');
    expect(read(body, 200, {}, 'AssumeRoleWithWebIdentity')).toMatchObject({
      webIdentity: {
        subject: 'amzn1.account.AF6RHO7KZU5XRVQJGXK6HB56KR2A',
        audience: 'client.5498841531868486423.1548@apps.example.com',
        provider: 'www.amazon.com',
      },
      sourceIdentity: 'SourceIdentityValue',
      subject: { id: 'AROACLKWSDQRAOEXAMPLE:app1' },
    });
  });

  it('is read as its own pages print it: GetCallerIdentity', () => {
    const body = fixture('get-caller-identity.reply.xml');
    expect(provider.identity?.normalize(reply(body))).toEqual({
      accountId: '123456789012',
      userId: 'AIDACKCEVSQ6C2EXAMPLE',
      arn: 'arn:aws:iam::123456789012:user/Alice',
    });
    expect(codeOf(() => provider.identity?.normalize(reply(body.replace('Account>', 'Acount>'))))).toBe(
      'CloudUnintelligible',
    );
    expect(codeOf(() => provider.identity?.normalize(reply(fixture('refused.reply.xml'), 403)))).toBe('AccessDenied');
  });

  it('is read as Ceph RGW writes it: no namespace, no metadata, nanoseconds, AssumeRoleId', () => {
    expect(read(fixture('ceph.assume-role.reply.xml'))).toEqual({
      ...triad,
      accessKeyId: 'fakeCephAccessKeyId1',
      expiration: new Date('2026-11-22T02:34:16.123Z'),
      subject: {
        arn: 'arn:aws:sts::tenant1:assumed-role/demo/sess-1',
        id: '5c5b6a8b-fake-4f0e-9d3e-000000000001:sess-1',
      },
      packedPolicySize: 0,
    });
  });

  it('is read as MinIO writes it: a user without a name', () => {
    expect(read(fixture('minio.assume-role.reply.xml'))).toEqual({
      ...triad,
      accessKeyId: 'FAKEMINIOACCESSKEY01',
      expiration: new Date('2026-11-22T02:34:16Z'),
      upstreamRequestId: '17A0FAKE00000001',
    });
  });

  it('has the id of the request in a header, or in its document', () => {
    expect(read(fixture('assume-role.reply.xml'), 200, { 'x-amzn-requestid': 'header' }).upstreamRequestId).toBe(
      'header',
    );
  });

  const whole = fixture('minio.assume-role.reply.xml');
  it.each(['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'])('is not whole without %s', (name) => {
    const element = new RegExp(`<${name}>[^<]*</${name}>`);
    expect(codeOf(() => read(whole.replace(element, '')))).toBe('CloudUnintelligible');
    expect(codeOf(() => read(whole.replace(element, `<${name}> </${name}>`)))).toBe('CloudUnintelligible');
  });

  it.each(['', 'OK', '{}', '<a/>', whole.slice(0, -20), whole.replace('2026-11-22T02:34:16Z', 'tomorrow')])(
    'is not whole as %.40j',
    (body) => {
      expect(codeOf(() => read(body))).toBe('CloudUnintelligible');
    },
  );

  const error = (code: string) => `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`;
  it.each([
    ['AWS, denied', fixture('refused.reply.xml'), 403, 'AccessDenied'],
    [
      'Ceph, whose root is the Error and whose message is empty',
      fixture('ceph.refused.reply.xml'),
      403,
      'AccessDenied',
    ],
    ['MinIO, whose Type is empty', fixture('minio.refused.reply.xml'), 400, 'InvalidParameter'],
    ['a proxy, in HTML', fixture('bad-gateway.reply.html'), 502, 'CloudUnavailable'],
    ['a proxy, with nothing in it', '', 403, 'AccessDenied'],
    ['a proxy that is busy', '', 429, 'Throttled'],
    ['a proxy that moved', '', 301, 'CloudRefused'],
    ['AWS, throttling', error('Throttling'), 400, 'Throttled'],
    ['AWS, failing', error('InternalFailure'), 500, 'CloudUnavailable'],
    ['AWS, with an expired token', error('ExpiredToken'), 403, 'TokenExpired'],
    ['AWS, with an expired identity token', error('ExpiredTokenException'), 400, 'IdentityTokenExpired'],
    ['AWS, on the size of a policy', error('PackedPolicyTooLarge'), 400, 'PolicyTooLarge'],
    ['MinIO, not set up', error('STSNotInitialized'), 503, 'CloudUnavailable'],
    ['MinIO, over plain HTTP', error('InsecureConnection'), 400, 'AccountRefused'],
    ['nobody known', error('Mystery'), 400, 'CloudRefused'],
    ['nobody known, failing', error('Mystery'), 500, 'CloudUnavailable'],
    ['somebody clever', error('__proto__'), 400, 'CloudRefused'],
  ] as const)('that refuses, from %s, is understood', (_, body, status, code) => {
    expect(codeOf(() => read(body, status))).toBe(code);
  });

  it('is refused with its code and the id of the request, and without its prose', () => {
    expect(() => read(fixture('refused.reply.xml'), 403)).toThrow(
      expect.objectContaining({
        message: stsErrors.AccessDenied.title,
        detail: { upstream: { status: 403, code: 'AccessDenied', requestId: 'c6104cbe-af31-11e0-8154-cbc7ccf896c7' } },
      }),
    );
  });

  it('never makes the normalizer fail in another way', () => {
    const bodies = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('<a>', '</a>', '<b/>', 'x', '<Credentials>') }),
    );
    fc.assert(
      fc.property(bodies, fc.constantFrom(200, 301, 403, 500), (body, status) => {
        expect(codeOf(() => read(body, status))).not.toBe('none');
      }),
    );
  });
});

describe('a request to AWS, Ceph or MinIO', () => {
  const account: Account = {
    name: 'main',
    cloud: 'aws',
    endpoint: new URL('https://sts.eu-west-1.amazonaws.com'),
    region: 'eu-west-1',
    key,
  };
  const encode = (request: { readonly operation: MintOperation } & object, at = account): HttpRequest => {
    const exchange = provider.operations[request.operation] as {
      encode(request: object, account: Account): HttpRequest;
    };
    return exchange.encode({ durationSeconds: 900, ...request }, at);
  };
  const moment = { now, nonce: 1 };
  const tags = [
    { key: 'Pro ject', value: 'a=b c' },
    { key: 'Empty', value: '' },
  ];
  const narrowing = { policy, policyArns: [arn('a'), arn('b')] };
  const requests = [
    {
      operation: 'AssumeRole',
      role,
      sessionName: 'sess-1',
      ...narrowing,
      tags,
      transitiveTagKeys: ['Pro ject'],
      externalId: 'x:/y=z',
      sourceIdentity: 'DevUser@123',
      serialNumber: 'arn:aws:iam::123456789012:mfa/u',
      tokenCode: new Secret('123456'),
    },
    {
      operation: 'AssumeRoleWithWebIdentity',
      role,
      sessionName: 'sess-1',
      webIdentityToken: new Secret('eyJ.eyJ.sig'),
      providerId: 'www.amazon.com',
      ...narrowing,
    },
    { operation: 'GetFederationToken', name: 'Bob', ...narrowing, tags },
    { operation: 'GetSessionToken', serialNumber: 'arn:aws:iam::123456789012:mfa/u', tokenCode: new Secret('123456') },
  ] as const;

  it.each(requests)('asks our own dialect for what was meant: $operation', (request) => {
    const sent = provider.sign(encode(request), account, key, moment);
    expect(dialect.recognizes(sent)).toBe(true);
    const { request: read, proof } = parse(sent);
    const { defaultDurationSeconds: _, ...said } = read as TokenRequest<'AssumeRole'>;
    expect(said).toEqual({ durationSeconds: 900, ...request });
    if (proof.kind === 'signature') expect(proof.verify(key.secret)).toBe(true);
    else expect(proof.kind).toBe('jwt');
  });

  it('is a form of the Query protocol, to the endpoint’s own path', () => {
    expect(
      encode({ operation: 'GetSessionToken' }, { ...account, endpoint: new URL('http://minio.test:9000/sts/') }),
    ).toEqual({
      method: 'POST',
      scheme: 'http',
      host: 'minio.test:9000',
      path: '/sts/',
      query: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: 'Action=GetSessionToken&Version=2011-06-15&DurationSeconds=900',
    });
  });

  it('is signed for the account’s region, or for the one that Ceph and MinIO take', () => {
    const { region: _, ...elsewhere } = account;
    const scope = (at: Account) =>
      provider.sign(encode({ operation: 'GetSessionToken' }, at), at, key, moment).headers['authorization'];
    expect(scope(account)).toContain('/20261122/eu-west-1/sts/aws4_request');
    expect(scope(elsewhere)).toContain('/20261122/us-east-1/sts/aws4_request');
  });

  it.each(['tags', 'transitiveTagKeys', 'externalId', 'sourceIdentity', 'serialNumber', 'tokenCode'])(
    'by web identity is not made where it would lose %s',
    (name) => {
      expect(codeOf(() => encode({ ...requests[1], [name]: [] }))).toBe('InvalidParameter');
    },
  );

  it('asks who the account is', () => {
    expect(provider.identity?.encode(account).body).toBe('Action=GetCallerIdentity&Version=2011-06-15');
  });
});

describe('the names of AWS', () => {
  const assumed = {
    accountId: '123456789012',
    kind: 'role',
    roleName: 'demo',
    roleId: 'AROA1',
    callerId: 'AIDA1',
    callerName: 'ci',
    sessionName: 'sess',
  } as const;

  it('are ARNs', () => {
    expect(naming.roles('123456789012', 'demo', '')).toEqual([role]);
    expect(naming.subject(assumed)).toEqual({
      arn: 'arn:aws:sts::123456789012:assumed-role/demo/sess',
      id: 'AROA1:sess',
    });
    expect(naming.subject({ ...assumed, kind: 'federated' })).toEqual({
      arn: 'arn:aws:sts::123456789012:federated-user/sess',
      id: '123456789012:sess',
    });
    expect(naming.session({ ...assumed, kind: 'user' })).toMatchObject({
      arn: 'arn:aws:iam::123456789012:user/ci',
      userId: 'AIDA1',
    });
  });

  it('are the same for the same seed, and of the system’s form', () => {
    expect(naming.identifier('account', 'seed')).toMatch(/^[1-9]\d{11}$/);
    expect(naming.identifier('role', 'seed')).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(naming.identifier('user', 'seed')).toMatch(/^AIDA[A-Z2-7]{17}$/);
    expect(naming.identifier('user', 'seed')).toBe(naming.identifier('user', 'seed'));
    expect(naming.accessKeyId(crypto.getRandomValues(new Uint8Array(20)))).toMatch(/^ASIA[A-Z2-7]{16}$/);
  });
});
