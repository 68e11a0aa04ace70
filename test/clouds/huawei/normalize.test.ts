import { describe, expect, it } from 'vitest';
import { huawei } from '../../../lib/clouds/huawei/cloud.ts';
import { meaningOf } from '../../../lib/clouds/huawei/errors.ts';
import { fixturesOf } from '../../support/cloud-fixtures.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const fixture = fixturesOf('huawei');
const { provider } = huawei;
const read = (name: string, status = 200) =>
  provider.normalize({ status, headers: { 'x-request-id': 'request-1' }, body: fixture(name) }, 'AssumeRole');

describe('a reply of Huawei Cloud', () => {
  it('is whole credentials', () => {
    const credentials = read('assume-agency.reply.json', 201);
    expect(credentials).toMatchObject({
      accessKeyId: 'HSTFAKEEXAMPLE',
      expiration: new Date('2026-11-22T02:34:16Z'),
      subject: {
        arn: 'sts::d0123456789abcdef0123456789abcde:assumed-agency:demo/tour',
        id: '0a1b2c3d4e5f60718293a4b5c6d7e8f9:tour',
      },
      sourceIdentity: 'alice',
      upstreamRequestId: 'request-1',
    });
    expect(credentials.secretAccessKey.reveal()).toBe('fakeTemporarySecretForTestsOnly');
  });

  it('is whole credentials of the older API, too', () => {
    const credentials = read('securitytokens.reply.json', 201);
    expect(credentials.accessKeyId).toBe('HSTFAKEEXAMPLE');
    expect(credentials.sessionToken.reveal()).toBe('fakeTokenForTestsOnly');
    expect(credentials.expiration).toEqual(new Date('2026-11-22T02:34:16.952Z'));
  });

  it('says who one is', () => {
    const body = fixture('get-caller-identity.reply.json');
    expect(provider.identity?.normalize({ status: 200, headers: {}, body })).toMatchObject({
      accountId: 'd0123456789abcdef0123456789abcde',
      type: 'role',
    });
  });

  it('is a refusal of the service, or of the gateway before it', () => {
    expect(expectRefusal(() => read('refused.reply.json', 403))).toMatchObject({
      code: 'AccessDenied',
      detail: { upstream: { status: 403, code: 'PAP5.0055', requestId: 'request-1' } },
    });
    expect(expectRefusal(() => read('refused-by-gateway.reply.json', 401)).code).toBe('MalformedAuthorization');
    const nested = { status: 404, headers: {}, body: '{"error":{"code":"IAM.0004","message":"no"}}' };
    expect(expectRefusal(() => provider.normalize(nested, 'AssumeRole'))).toMatchObject({
      code: 'InvalidParameter',
      detail: { upstream: { code: 'IAM.0004' } },
    });
  });

  it.each([
    ['APIGW.0308', 429, 'Throttled'],
    ['STS5.1101', 400, 'InvalidParameter'],
    ['STS5.1101', 403, 'AccessDenied'],
    ['STS5.1101', 503, 'CloudUnavailable'],
    [undefined, 401, 'MalformedAuthorization'],
    ['STS5.1101', 404, 'InvalidParameter'],
    ['STS5.1101', 409, 'InvalidParameter'],
    ['STS5.1101', 401, 'MalformedAuthorization'],
    ['constructor', 404, 'InvalidParameter'],
    [undefined, 404, 'CloudRefused'],
  ])('means by %s with status %d: %s', (code, status, meaning) => {
    expect(meaningOf(code, status)).toBe(meaning);
  });
});
