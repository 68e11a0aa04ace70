import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stsErrors } from '../../../lib/core/errors.ts';
import type { HttpResponse } from '../../../lib/core/http.ts';
import type { MintOperation } from '../../../lib/core/requests.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { fixturesOf } from '../../support/cloud-fixtures.ts';
import { provider, type Texts } from '../../support/clouds/aws.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

const fixture = fixturesOf('aws');

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
    expect(refusalCode(() => provider.identity?.normalize(reply(body.replace('Account>', 'Acount>'))))).toBe(
      'CloudUnintelligible',
    );
    expect(refusalCode(() => provider.identity?.normalize(reply(fixture('refused.reply.xml'), 403)))).toBe(
      'AccessDenied',
    );
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
    // Ceph RGW has no id in the document of a success.
    expect(read(fixture('ceph.assume-role.reply.xml'), 200, { 'x-amz-request-id': 'tx0001' }).upstreamRequestId).toBe(
      'tx0001',
    );
  });

  const whole = fixture('minio.assume-role.reply.xml');
  it.each(['AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'])('is not whole without %s', (name) => {
    const element = new RegExp(`<${name}>[^<]*</${name}>`);
    expect(refusalCode(() => read(whole.replace(element, '')))).toBe('CloudUnintelligible');
    expect(refusalCode(() => read(whole.replace(element, `<${name}> </${name}>`)))).toBe('CloudUnintelligible');
  });

  it.each(['', 'OK', '{}', '<a/>', whole.slice(0, -20), whole.replace('2026-11-22T02:34:16Z', 'tomorrow')])(
    'is not whole as %.40j',
    (body) => {
      expect(refusalCode(() => read(body))).toBe('CloudUnintelligible');
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
    ['nobody known', error('Mystery'), 400, 'InvalidParameter'],
    [
      'Ceph, on a duration above that of the role',
      '<Error><Code>InvalidArgument</Code></Error>',
      400,
      'InvalidParameter',
    ],
    ['Ceph, on an Action that it has not', '<Error><Code>MethodNotAllowed</Code></Error>', 405, 'UnsupportedOperation'],
    ['nobody known, on what was asked', error('Mystery'), 409, 'InvalidParameter'],
    ['nobody known, forbidding', error('Mystery'), 403, 'AccessDenied'],
    ['a proxy that finds nothing', '', 404, 'CloudRefused'],
    ['nobody known, failing', error('Mystery'), 500, 'CloudUnavailable'],
    ['somebody clever', error('__proto__'), 400, 'InvalidParameter'],
  ] as const)('that refuses, from %s, is understood', (_, body, status, code) => {
    expect(refusalCode(() => read(body, status))).toBe(code);
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
        expect(refusalCode(() => read(body, status))).not.toBe('none');
      }),
    );
  });
});
