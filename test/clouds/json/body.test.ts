import { describe, expect, it } from 'vitest';
import { json } from '../../../lib/clouds/json/dialect.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { expectRefusal, refusalCode } from '../../support/expect-refusal.ts';

const role = 'arn:aws:iam::123456789012:role/demo';
const minimal = { roleArn: role, roleSessionName: 'me' };
const federation = { name: 'bob', policy: { Version: '2012-10-17' } };

const request = (path: string, body: unknown, changes: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  scheme: 'https',
  host: 'credmint.example.com',
  path,
  query: '',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...changes,
});
const parse = (asked: HttpRequest) => json.parse({ request: asked, requestId: 'id', now: new Date(0) }).request;
const assumeRole = (members: object) => parse(request('/assumeRole', { ...minimal, ...members }));

describe('what the JSON API is asked', () => {
  it('is an operation with its members, by the names of the service', () => {
    expect(
      assumeRole({
        account: 'aws',
        durationSeconds: 900,
        policy: { Version: '2012-10-17', Statement: [] },
        policyArns: [`${role}-policy`],
        externalId: 'a:b/c',
        tags: { team: 'data', empty: '' },
        sourceIdentity: 'ada',
      }),
    ).toEqual({
      operation: 'AssumeRole',
      account: 'aws',
      role,
      sessionName: 'me',
      durationSeconds: 900,
      policy: '{"Version":"2012-10-17","Statement":[]}',
      policyArns: [`${role}-policy`],
      externalId: 'a:b/c',
      tags: [
        { key: 'team', value: 'data' },
        { key: 'empty', value: '' },
      ],
      sourceIdentity: 'ada',
    });
    expect(parse(request('/getFederationToken', federation))).toEqual({
      operation: 'GetFederationToken',
      name: 'bob',
      policy: '{"Version":"2012-10-17"}',
    });
    expect(parse(request('/getCallerIdentity', {}))).toEqual({ operation: 'GetCallerIdentity' });
  });

  it('has a policy as an object or as its text, and each byte of the text counts', () => {
    const text = ' {"Version": "2012-10-17"}\n';
    expect(assumeRole({ policy: text })).toMatchObject({ policy: text });
    expect(assumeRole({ policy: JSON.parse(text) })).toMatchObject({ policy: '{"Version":"2012-10-17"}' });
  });

  it('has a policy with every member that was sent, whatever its name', () => {
    const body = `{"roleArn":"${role}","roleSessionName":"me","policy":{"__proto__":{"a":1},"constructor":2}}`;
    expect(parse(request('/assumeRole', body))).toMatchObject({ policy: '{"__proto__":{"a":1},"constructor":2}' });
  });

  it('has tags of any name', () => {
    const body = `{"roleArn":"${role}","roleSessionName":"me","tags":{"__proto__":"a","constructor":"b"}}`;
    expect(parse(request('/assumeRole', body))).toMatchObject({
      tags: [
        { key: '__proto__', value: 'a' },
        { key: 'constructor', value: 'b' },
      ],
    });
  });

  it('may be said in the query of a GET', () => {
    const query = `roleArn=${encodeURIComponent(role)}&roleSessionName=me&durationSeconds=900&format=aws-container`;
    expect(parse(request('/assumeRole', '', { method: 'GET', query, headers: {} }))).toEqual({
      operation: 'AssumeRole',
      role,
      sessionName: 'me',
      durationSeconds: 900,
    });
  });
});

describe('each member', () => {
  const long = (length: number) => 'a'.repeat(length);
  const policyOf = (length: number) => ({ a: long(length - '{"a":""}'.length) });
  const tagsOf = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, '']));

  it.each([
    ['account', long(128), long(129)],
    ['roleArn', long(2048), long(2049)],
    ['roleArn', 'a', ''],
    ['roleSessionName', long(128), long(129)],
    ['roleSessionName', 'a_Z0+=,.@-', 'a b'],
    ['roleSessionName', 'a', 'a\n'],
    ['roleSessionName', 'a', 'é'],
    ['roleSessionName', 'a', ''],
    ['policy', long(10_240), long(10_241)],
    ['policy', policyOf(10_240), policyOf(10_241)],
    ['policy', '{}', ''],
    ['policy', {}, []],
    ['policy', {}, 1],
    ['policyArns', [], [1]],
    ['policyArns', Array(10).fill('a'), Array(11).fill('a')],
    ['policyArns', [long(2048)], [long(2049)]],
    ['policyArns', ['a'], 'a'],
    ['externalId', long(1224), long(1225)],
    ['externalId', 'a:/=,.@-', 'a b'],
    ['tags', tagsOf(50), tagsOf(51)],
    ['tags', { [long(128)]: long(256) }, { [long(129)]: '' }],
    ['tags', {}, { a: long(257) }],
    ['tags', {}, { '': 'a' }],
    ['tags', {}, { a: 1 }],
    ['tags', {}, [{ key: 'a', value: 'b' }]],
    ['sourceIdentity', long(64), long(65)],
    ['sourceIdentity', 'a', 'a b'],
  ])('%s has its bounds', (name, good, bad) => {
    expect(refusalCode(() => assumeRole({ [name]: good }))).toBe('none');
    expect(expectRefusal(() => assumeRole({ [name]: bad }))).toMatchObject({
      code: 'InvalidParameter',
      detail: { parameter: name },
    });
  });

  it.each([0, -1, 1.5, 604_801, true, [], {}, '', '1.5', '-1', '1e3', ' 900', '0x384', 'NaN', '99999999999'])(
    'durationSeconds is a whole number of seconds: not %j',
    (durationSeconds) => {
      expect(expectRefusal(() => assumeRole({ durationSeconds }))).toMatchObject({
        code: 'InvalidDuration',
        detail: { parameter: 'durationSeconds' },
      });
    },
  );

  it('durationSeconds may be a number or its digits', () => {
    for (const durationSeconds of [1, 900, 604_800, '900', '000900', 9e2]) {
      expect(refusalCode(() => assumeRole({ durationSeconds }))).toBe('none');
    }
  });

  it.each([
    ['/assumeRole', { roleSessionName: 'me' }, 'roleArn'],
    ['/assumeRole', { roleArn: role }, 'roleSessionName'],
    ['/getFederationToken', { policy: {} }, 'name'],
  ])('is missed where it must be there: %s', (path, body, parameter) => {
    expect(expectRefusal(() => parse(request(path, body)))).toMatchObject({
      code: 'MissingParameter',
      detail: { parameter: parameter },
    });
  });
});

describe('a member that may be left out', () => {
  it('may be null, as writers of JSON without undefined have it', () => {
    const names = [
      'account',
      'durationSeconds',
      'minimumRemainingSeconds',
      'policy',
      'policyArns',
      'externalId',
      'tags',
    ];
    const nulls = Object.fromEntries([...names, 'sourceIdentity'].map((name) => [name, null]));
    expect(assumeRole(nulls)).toEqual(assumeRole({}));
    expect(expectRefusal(() => assumeRole({ roleArn: null })).code).toBe('MissingParameter');
  });
});

describe('a refusal', () => {
  it.each([
    ['roleSessionName', 'a b', 'roleSessionName holds characters it may not hold.'],
    ['roleSessionName', '', 'roleSessionName must have 1 to 128 characters.'],
    ['account', 1, 'account must be text.'],
    ['policy', [], 'policy must be a document or its text.'],
    ['policyArns', ['a', ''], 'policyArns must have 1 to 2048 characters.'],
    ['policyArns', 'a', 'policyArns must be a list.'],
    ['tags', { a: 1 }, 'tags must have keys of 1 to 128 characters and values of at most 256.'],
    ['tags', [], 'tags must be an object of texts.'],
    [
      'minimumRemainingSeconds',
      'topsecret',
      'minimumRemainingSeconds must be a whole number of seconds from 1 to 604800.',
    ],
  ])('of %s says what it must be like, and quotes nothing', (name, value, message) => {
    expect(expectRefusal(() => assumeRole({ [name]: value })).message).toBe(message);
  });
});

describe('what the JSON API does not know', () => {
  it.each(['RoleArn', 'rolearn', 'extra', '__proto__', 'constructor', 'toString', 'format'])(
    'is refused: %s',
    (name) => {
      const body = `{"roleArn":"${role}","roleSessionName":"me","${name}":1}`;
      expect(refusalCode(() => parse(request('/assumeRole', body)))).toBe('UnknownParameter');
    },
  );

  it('is named only where it is a name, and not a value gone astray', () => {
    const refused = (name: string) => {
      const { code, detail } = expectRefusal(() => assumeRole({ [name]: 1 }));
      return [code, detail.parameter];
    };
    expect(refused('sessionDuration')).toEqual(['UnknownParameter', 'sessionDuration']);
    expect(refused('wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY')).toEqual(['UnknownParameter', undefined]);
    expect(refused('AKIDEXAMPLE')).toEqual(['UnknownParameter', undefined]);
  });

  it('stands in no query of a POST either', () => {
    const at = (query: string) => refusalCode(() => parse(request('/assumeRole', minimal, { query })));
    expect(at('format=cos')).toBe('none');
    expect(at('durationSeconds=900')).toBe('UnknownParameter');
    expect(at('format=cos&format=cos')).toBe('InvalidRequest');
    expect(at('format=%ff')).toBe('InvalidRequest');
    expect(at('format=xml')).toBe('InvalidParameter');
    expect(at('format=constructor')).toBe('InvalidParameter');
  });
});

describe('a body', () => {
  const at = (body: string, changes: Partial<HttpRequest> = {}) =>
    refusalCode(() => parse(request('/getCallerIdentity', body, changes)));

  it.each(['', ' ', '{', '{}{}', "{'a':1}", '[]', 'null', '1', '"{}"', `${'['.repeat(40)}${']'.repeat(40)}`])(
    'is one JSON object: not %s',
    (body) => {
      expect(at(body)).toBe('InvalidRequest');
    },
  );

  it('says nothing twice', () => {
    expect(at('{"account":"a","account":"b"}')).toBe('InvalidRequest');
    expect(at('{"account":"a","\\u0061ccount":"b"}')).toBe('InvalidRequest');
  });

  it.each([
    ['text/plain', 'InvalidRequest'],
    ['application/x-www-form-urlencoded', 'InvalidRequest'],
    ['application/jsonp', 'InvalidRequest'],
    ['', 'InvalidRequest'],
    ['application/json; charset=utf-8', 'none'],
    ['Application/JSON', 'none'],
  ])('is application/json: %s', (type, code) => {
    expect(at('{}', { headers: { 'content-type': type } })).toBe(code);
  });

  it('does not come with a GET, and with no other method at all', () => {
    expect(at('{}', { method: 'GET' })).toBe('InvalidRequest');
    for (const method of ['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']) {
      expect(at('{}', { method })).toBe('MethodNotAllowed');
    }
  });
});
