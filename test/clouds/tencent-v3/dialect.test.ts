import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StsError, type StsErrorCode } from '../../../lib/core/errors.ts';
import { sign as signHmac } from '../../../lib/signers/qcloud-hmac.ts';
import { sign as signTc3 } from '../../../lib/signers/tc3.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import {
  actionHeaders,
  assume,
  contextOf,
  dialect,
  fixture,
  form,
  get,
  hmac,
  how,
  key,
  now,
  type Params,
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

const federate = { Name: 'SUN', Policy: encodeURIComponent(policy) };

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
    expect(expectRefusal(() => parse(twice))).toMatchObject({
      code: 'MalformedPolicy',
      detail: { parameter: 'Policy' },
    });
  });

  it('takes a policy of 8192 characters, each of which may be escaped, and none longer', () => {
    const sized = (length: number, letter: string) => `{"a":"${letter.repeat(length - 8)}"}`;
    const reads = (text: string) => parse(tc3('GetFederationToken', { ...federate, Policy: text })).request;
    expect(reads(encodeURIComponent(sized(8192, '研')))).toHaveProperty('policy', sized(8192, '研'));
    expect(expectRefusal(() => reads(encodeURIComponent(sized(8193, 'a')))).code).toBe('PolicyTooLarge');
    expect(expectRefusal(() => reads(sized(8193, 'a')))).toMatchObject({
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

  it.each(ways)('takes the SecretType that the Java helper sends, and no other, in $way', ({ send }) => {
    // github.com/tencentyun/qcloud-cos-sts-sdk, java, CosStsClient
    for (const [action, params] of [
      ['AssumeRole', assume],
      ['GetFederationToken', federate],
    ] as const) {
      expect(parse(send(action, { ...params, SecretType: 0 })).request).toEqual(parse(send(action, params)).request);
      expect(expectRefusal(() => parse(send(action, { ...params, SecretType: 1 })))).toMatchObject({
        code: 'InvalidParameter',
        detail: { parameter: 'SecretType' },
      });
    }
  });

  it.each(ways)('takes an identity token as a file holds it, with a newline at its end, in $way', ({ send }) => {
    const asked = { ...web, WebIdentityToken: `${web.WebIdentityToken}\n` };
    expect(parse(send('AssumeRoleWithWebIdentity', asked))).toEqual(parse(send('AssumeRoleWithWebIdentity', web)));
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
    const headers = { ...form, ...actionHeaders('AssumeRole') };
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
    for (const { send } of ways) expect(expectRefusal(() => parse(send(action, {}))).code).toBe('UnsupportedOperation');
  });

  it.each(ways)('says what is wrong, in $way', ({ send }) => {
    const cases: readonly (readonly [string, Params, StsErrorCode, string])[] = [
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
          expectRefusal(() => parse(send(action, params))),
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
    expect(expectRefusal(() => parse(tc3('AssumeRole', body)))).toMatchObject({
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
    expect(expectRefusal(() => parse(tc3('AssumeRole', { ...assume, Tags }))).code).toBe(code);
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
    expect(expectRefusal(() => parse(hmac('AssumeRole', gap))).code).toBe('InvalidParameter');
    expect(expectRefusal(() => parse(hmac('AssumeRole', { ...assume, 'Tags.00.Key': 'a' }))).code).toBe(
      'UnknownParameter',
    );
  });

  it('refuses flattened names in JSON, where they could stand beside the list they flatten', () => {
    const body = { ...assume, Tags: [{ Key: 'a', Value: 'b' }], 'Tags.0.Key': 'c' };
    expect(expectRefusal(() => parse(tc3('AssumeRole', body))).code).toBe('UnknownParameter');
  });

  it.each([
    [
      'no Action',
      post('{}', { 'content-type': 'application/json', authorization: 'SKIP', 'x-tc-version': version }),
      'MissingOperation',
    ],
    ['no Version', post('{}', { 'content-type': 'application/json', 'x-tc-action': 'AssumeRole' }), 'MissingParameter'],
    ['the Version of another product', get('Action=AssumeRole&Version=2017-03-12&SecretId=x'), 'UnsupportedVersion'],
    ['another method', { ...get('', actionHeaders('AssumeRole')), method: 'PUT' }, 'MethodNotAllowed'],
    ['a GET with a body', { ...get('', actionHeaders('AssumeRole')), body: '{}' }, 'InvalidRequest'],
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
    expect(expectRefusal(() => parse(request)).code).toBe(code);
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
    const asForm = (params: Params) => post(writeQuery(pairsOf({ ...params, Signature: secret, Token: secret })), form);
    const asJson = (params: Params) =>
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
              expect(dialect.renderError(StsError.from(error), contextOf(asked)).body).not.toContain(secret);
            }
          }
        },
      ),
    );
  });
});
