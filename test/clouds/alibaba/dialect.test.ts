import { describe, expect, it } from 'vitest';
import { alibaba } from '../../../lib/clouds/alibaba/cloud.ts';
import type { DialectContext } from '../../../lib/core/cloud.ts';
import { StsError, type StsErrorCode } from '../../../lib/core/errors.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { sign as signRpc } from '../../../lib/signers/acs-rpc.ts';
import { sign as signAcs3 } from '../../../lib/signers/acs3.ts';
import { writeQuery } from '../../../lib/wire/query.ts';
import { readXml } from '../../../lib/wire/xml.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const { dialect } = alibaba;
const now = new Date('2026-11-22T01:34:16Z');
const key = { id: 'LTAIEXAMPLE', secret: new Secret('secret') };
type Texts = Readonly<Record<string, string>>;
const rpc = (params: Texts): HttpRequest => ({
  method: 'POST',
  scheme: 'https',
  host: 'sts.aliyuncs.com',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: writeQuery(Object.entries(params)),
});
const get = (params: Texts): HttpRequest => ({
  ...rpc({}),
  method: 'GET',
  query: writeQuery(Object.entries(params)),
  headers: {},
  body: '',
});
const whole = {
  Action: 'AssumeRole',
  Version: '2015-04-01',
  Format: 'JSON',
  RoleArn: 'acs:ram::1:role/demo',
  RoleSessionName: 'me',
};
const acs3 = (own: Texts, headers: Texts = {}): HttpRequest =>
  signAcs3(
    {
      ...rpc(own),
      headers: { ...rpc({}).headers, 'x-acs-action': 'AssumeRole', 'x-acs-version': '2015-04-01', ...headers },
    },
    key,
    { now, nonce: 7 },
  );
const contextOf = (request: HttpRequest): DialectContext => ({ request, requestId: 'request-1', now });
const parse = (request: HttpRequest) => dialect.parse(contextOf(request));
const own = { RoleArn: whole.RoleArn, RoleSessionName: 'me' };

describe('a request in Alibaba Cloud’s dialect', () => {
  it.each([
    ['RPC, a form', signRpc(rpc(whole), key, { now, nonce: 7 })],
    ['RPC, a query', signRpc(get(whole), key, { now, nonce: 7 })],
    [
      'RPC with the headers of ACS3 beside it',
      {
        ...signRpc(rpc(whole), key, { now, nonce: 7 }),
        headers: { ...rpc({}).headers, 'x-acs-action': 'AssumeRole', 'x-acs-version': '2015-04-01' },
      },
    ],
    ['ACS3, a form', acs3(own)],
    [
      'ACS3, a query',
      signAcs3(
        {
          ...acs3({}),
          headers: { 'x-acs-action': 'AssumeRole', 'x-acs-version': '2015-04-01' },
          query: writeQuery(Object.entries(own)),
        },
        key,
        { now, nonce: 7 },
      ),
    ],
  ])('may be %s', (_what, request) => {
    expect(dialect.recognizes(request)).toBe(true);
    const { request: asked, proof } = parse(request);
    expect(asked).toMatchObject({ operation: 'AssumeRole', role: whole.RoleArn, sessionName: 'me' });
    expect(proof.kind === 'signature' && proof.verify(key.secret)).toBe(true);
  });

  it('proves nothing without a signature', () => {
    expect(parse(rpc(whole)).proof).toEqual({ kind: 'none' });
  });

  it('reads the file of an identity token without the end of its line', () => {
    const asked = parse(
      rpc({
        ...whole,
        Action: 'AssumeRoleWithOIDC',
        OIDCProviderArn: 'acs:ram::1:oidc-provider/x',
        OIDCToken: 'a.b.c\n',
      }),
    );
    expect(asked.proof.kind === 'jwt' && asked.proof.token.reveal()).toBe('a.b.c');
    expect(asked.request).toMatchObject({
      operation: 'AssumeRoleWithWebIdentity',
      providerId: 'acs:ram::1:oidc-provider/x',
    });
  });

  it.each([
    ['no Action', rpc({ Version: '2015-04-01' }), 'MissingOperation'],
    ['no Version', rpc({ ...whole, Version: '', AccessKeyId: 'x', SignatureNonce: 'y' }), 'MissingParameter'],
    ['another Version', rpc({ ...whole, Version: '2014-05-26' }), 'UnsupportedVersion'],
    ['an operation that is not spoken', rpc({ ...whole, Action: 'AssumeRoleWithSAML' }), 'UnsupportedOperation'],
    ['an unknown operation', rpc({ ...whole, Action: 'Constructor' }), 'UnknownOperation'],
    ['an operation that an object inherits', rpc({ ...whole, Action: 'toString' }), 'UnknownOperation'],
    ['an unknown parameter', rpc({ ...whole, Polic: 'x' }), 'UnknownParameter'],
    ['an empty policy', rpc({ ...whole, Policy: '' }), 'InvalidParameter'],
    ['an empty external id', rpc({ ...whole, ExternalId: '' }), 'InvalidParameter'],
    ['an empty source identity', rpc({ ...whole, SourceIdentity: '' }), 'InvalidParameter'],
    ['a parameter in two places', { ...rpc(whole), query: 'RoleArn=x' }, 'InvalidRequest'],
    ['another method', { ...rpc(whole), method: 'PUT' }, 'MethodNotAllowed'],
    ['two signatures', acs3({ ...own, Signature: 'x' }), 'UnknownParameter'],
    [
      'JSON',
      {
        ...rpc({}),
        headers: { 'content-type': 'application/json', 'x-acs-action': 'AssumeRole', 'x-acs-version': '2015-04-01' },
        body: '{}',
      },
      'InvalidRequest',
    ],
  ] satisfies readonly [string, HttpRequest, StsErrorCode][])('is refused with %s', (_what, request, code) => {
    expect(expectRefusal(() => parse(request)).code).toBe(code);
  });
});

describe('an answer in Alibaba Cloud’s dialect', () => {
  const refusal = (request: HttpRequest) => dialect.renderError(new StsError('AccessDenied'), contextOf(request));

  it('is JSON if JSON is asked for, and in reply to ACS3', () => {
    for (const request of [rpc(whole), acs3(own)]) {
      const { status, headers, body } = refusal(request);
      expect(status).toBe(403);
      expect(headers['content-type']).toBe('application/json;charset=utf-8');
      expect(JSON.parse(body)).toMatchObject({
        Code: 'NoPermission',
        RequestId: 'request-1',
        HostId: 'sts.aliyuncs.com',
      });
    }
  });

  it('is XML if a signed RPC request names no format, with the very type that the SDK looks for', () => {
    const { Format: _, ...formless } = whole;
    const { headers, body } = refusal(signRpc(rpc(formless), key, { now, nonce: 7 }));
    expect(headers['content-type']).toBe('text/xml;charset=utf-8');
    expect(readXml(body)?.children.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Code', 'Message', 'RequestId']),
    );
  });

  it('gives credentials in XML', () => {
    const request = rpc({ ...whole, Format: 'xml' });
    const credentials = {
      accessKeyId: 'STS.x',
      secretAccessKey: new Secret('<&>'),
      sessionToken: new Secret('t'),
      expiration: now,
    };
    const answer = { kind: 'credentials', credentials, account: 'a', cloud: 'alibaba', variables: () => [] } as const;
    const root = readXml(dialect.render(answer, parse(request).request, contextOf(request)).body);
    expect(root?.name).toBe('AssumeRoleResponse');
    expect(root?.children.find(({ name }) => name === 'Credentials')?.children.map(({ text }) => text)).toEqual([
      'STS.x',
      '<&>',
      't',
      '2026-11-22T01:34:16Z',
    ]);
  });
});
