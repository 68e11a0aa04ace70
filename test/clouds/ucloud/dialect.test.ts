import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retCodes } from '../../../lib/clouds/ucloud/errors.ts';
import { StsError, type StsErrorCode } from '../../../lib/core/errors.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import type { TokenRequest } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { readUcloud } from '../../../lib/policies/ucloud.ts';
import { type SignedParams, sign, verify } from '../../../lib/signers/ucloud-sha1.ts';
import { readQuery, writeQuery } from '../../../lib/wire/query.ts';
import {
  bare,
  context,
  dialect,
  fixture,
  form,
  key,
  parse,
  policy,
  type Texts,
  wanted,
} from '../../support/clouds/ucloud.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

const get = (params: Texts): HttpRequest => ({ ...bare, method: 'GET', query: writeQuery(Object.entries(params)) });
const json = (params: object): HttpRequest => ({
  ...bare,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(params),
});

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

  it('may name a region and a project', () => {
    const common = { ...wanted, Region: 'cn-bj2', ProjectId: 'org-fake01' };
    expect(refusalCode(() => parse(form(sign(common, key) as Texts)))).toBe('none');
  });

  it('does not say what it names as null, whatever the name', () => {
    const request = json({ ...sign(wanted, key), Policy: null, Unknown: null });
    expect(parse(request).request).not.toHaveProperty('policy');
    expect(refusalCode(() => parse(request))).toBe('none');
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
      expect(refusalCode(() => parse(request))).toBe(code);
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
      expect(refusalCode(() => parse(request))).not.toBe('none');
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
        const code = refusalCode(() => parse(request));
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
    expect(refusalCode(() => parse(request))).toBe('InvalidDuration');
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
      expect(refusalCode(() => parse(form(params as Texts)))).not.toBe('none');
    }
  });
});
