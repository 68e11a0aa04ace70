import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StsError } from '../../../lib/core/errors.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import {
  assume,
  contextOf,
  dialect,
  federate,
  fixture,
  form,
  get,
  key,
  parse,
  policy,
  post,
  proofOf,
  signedGet,
  signedPost,
} from '../../support/clouds/tencent-v2.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

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
    expect(expectRefusal(() => parse(signedPost({ ...federate, policy, Policy: policy })))).toMatchObject({
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
    expect(expectRefusal(() => parse(thrice)).code).toBe('MalformedPolicy');
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
    expect(expectRefusal(() => parse(signedPost({ ...federate, policy: text })))).toMatchObject({
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
    expect(expectRefusal(() => parse({ ...request, body: file })).code).toBe('InvalidRequest');
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
    expect(expectRefusal(() => parse(request)).code).toBe(code);
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
    expect(expectRefusal(() => parse(signedGet(params as Record<string, string>)))).toMatchObject({
      code,
      detail: { parameter },
    });
  });

  it.each(['policy', 'Policy'])('does not pass over a %s, which AssumeRole cannot be given', (parameter) => {
    const policy = JSON.stringify({ version: '2.0', statement: [{ effect: 'deny', action: '*', resource: '*' }] });
    const { code, detail } = expectRefusal(() => parse(signedPost({ ...assume, [parameter]: policy })));
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
          expect(dialect.renderError(StsError.from(error), contextOf(request)).body).not.toContain(secret);
        }
      }),
    );
  });
});
