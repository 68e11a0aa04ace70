import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StsError, type StsErrorCode } from '../../../lib/core/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { sign } from '../../../lib/signers/sigv4.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import { readXml } from '../../../lib/wire/xml.ts';
import {
  arn,
  asked,
  assume,
  bare,
  context,
  dialect,
  federate,
  get,
  how,
  key,
  parse,
  policy,
  post,
  role,
  session,
  type Texts,
  version,
  webIdentity,
} from '../../support/clouds/aws.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

const without = (params: Texts, ...names: readonly string[]): Texts =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));

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
      bad: ['', 'a', 'a'.repeat(1225), 'a b'],
    },
    {
      name: 'SerialNumber',
      base: assume,
      good: ['a'.repeat(9), 'a'.repeat(256)],
      bad: ['', 'a'.repeat(8), 'a'.repeat(257), 'a b c d e f'],
    },
    { name: 'TokenCode', base: session, good: ['123456'], bad: ['', '12345', '1234567', '12345a'] },
    { name: 'SourceIdentity', base: assume, good: ['ab', 'a'.repeat(64)], bad: ['', 'a', 'a'.repeat(65), 'a b'] },
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
    { name: 'ProviderId', base: webIdentity, good: ['abcd', 'a'.repeat(2048)], bad: ['', 'abc', 'a'.repeat(2049)] },
  ];
  it.each(bounds)('holds $name of $base.Action to its bounds', ({ name, base, good, bad }) => {
    for (const value of good)
      expect([value, refusalCode(() => asked({ ...base, [name]: value }))]).toEqual([value, 'none']);
    for (const value of bad) {
      expect(() => asked({ ...base, [name]: value })).toThrow(StsError);
      expect([value, refusalCode(() => asked({ ...base, [name]: value }))]).not.toEqual([value, 'none']);
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
      expect(refusalCode(() => asked({ ...assume, ...list }))).toBe('InvalidParameter');
    }
  });

  it('may have all its lists full at once, tags with their values, and is told which is too long', () => {
    const values = (count: number) =>
      listed(
        (index) => `Tags.member.${index}.Value`,
        (index) => `v${index}`,
        count,
      );
    const full = { ...assume, ...policies(10), ...transitive(50), ...tags(50), ...values(50) };
    expect(asked(full)).toMatchObject({ tags: { length: 50 }, transitiveTagKeys: { length: 50 } });
    expect(() => asked({ ...full, ...tags(51), ...values(51) })).toThrow(
      expect.objectContaining({ code: 'InvalidParameter', detail: { parameter: 'Tags.member' } }),
    );
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
    expect(refusalCode(() => asked(params))).toBe(code);
    if (parameter !== undefined) {
      expect(() => asked(params)).toThrow(expect.objectContaining({ detail: { parameter } }));
    }
  });

  it.each(['\n', '\r\n'])(
    'has an identity token as a file holds it, with %j at its end, which botocore sends',
    (end) => {
      const { proof } = parse(post({ ...webIdentity, WebIdentityToken: `eyJ.eyJ.sig${end}` }));
      expect(proof.kind === 'jwt' && proof.token.reveal()).toBe('eyJ.eyJ.sig');
    },
  );

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
    ['more than 512 parameters', post(listed((index) => `p${index}`, String, 513)), 'InvalidRequest'],
    ['another method', post(assume, { method: 'DELETE' }), 'MethodNotAllowed'],
  ] as const)('is refused as %s', (_, request, code) => {
    expect(refusalCode(() => parse(request))).toBe(code);
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
        const code = refusalCode(() => parse(request));
        if (code !== 'none')
          expect(readXml(dialect.renderError(new StsError(code), context(request)).body)?.name).toBe('ErrorResponse');
      }),
    );
    for (const name of ['RoleSessionName', 'ExternalId', 'Action', 'DurationSeconds']) {
      expect(() => asked({ ...assume, [name]: 'top secret' })).not.toThrow(/top secret/);
    }
  });
});
