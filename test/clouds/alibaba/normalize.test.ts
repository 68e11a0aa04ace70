import { describe, expect, it } from 'vitest';
import { alibaba } from '../../../lib/clouds/alibaba/cloud.ts';
import { meaningOf } from '../../../lib/clouds/alibaba/errors.ts';
import { fixturesOf } from '../../support/cloud-fixtures.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const fixture = fixturesOf('alibaba');
const { provider } = alibaba;
const read = (name: string, status = 200) =>
  provider.normalize({ status, headers: {}, body: fixture(name) }, 'AssumeRole');

describe('a reply of Alibaba Cloud', () => {
  it('is whole credentials', () => {
    const credentials = read('assume-role.reply.json');
    expect(credentials).toMatchObject({
      accessKeyId: 'STS.FAKEEXAMPLE',
      expiration: new Date('2026-11-22T02:34:16Z'),
      subject: { arn: 'acs:ram::123456789012:role/demo/tour', id: '344584339364951186:tour' },
      sourceIdentity: 'alice',
      upstreamRequestId: '6894B13B-6D71-4EF5-88FA-F32781734A7F',
    });
    expect(credentials.secretAccessKey.reveal()).toBe('fakeTemporarySecretForTestsOnly');
    expect(credentials.sessionToken.reveal()).toBe('fakeTokenForTestsOnly+/=');
  });

  it('says what was made of an identity token', () => {
    expect(read('assume-role-with-oidc.reply.json').webIdentity).toEqual({
      subject: 'KryrkIdjylZb7agUgCEf****',
      audience: '496271242565057****',
      provider: 'https://dev-xxxxxx.okta.com',
    });
  });

  it('says who one is', () => {
    const body = fixture('get-caller-identity.reply.json');
    expect(provider.identity?.normalize({ status: 200, headers: {}, body })).toEqual({
      accountId: '123456789012',
      userId: '344584339364951186:tour',
      principalId: '344584339364951186:tour',
      arn: 'acs:ram::123456789012:assumed-role/demo/tour',
      type: 'role',
    });
  });

  it('is a refusal, whatever its status', () => {
    for (const status of [200, 403]) {
      expect(expectRefusal(() => read('refused.reply.json', status))).toMatchObject({
        code: 'AccessDenied',
        detail: { upstream: { status, code: 'NoPermission', requestId: 'A5BE29E5-1F22-5E84-9B70-2E3D4F4F0C7B' } },
      });
    }
  });

  it.each([
    ['Throttling', 400, 'Throttled'],
    ['Throttling.Api', 400, 'Throttled'],
    ['InvalidAccessKeyId.Inactive', 403, 'UnknownKey'],
    ['InvalidSecurityToken.MismatchWithAccessKey', 400, 'InvalidToken'],
    ['AuthenticationFail.OIDCToken.AudienceNotMatch', 401, 'InvalidIdentityToken'],
    ['AuthenticationFail.NoPermission', 401, 'AccessDenied'],
    ['InvalidParameter.RoleArn', 400, 'InvalidParameter'],
    ['Of.Tomorrow', 400, 'InvalidParameter'],
    ['Of.Tomorrow', 403, 'AccessDenied'],
    ['Of.Tomorrow', 503, 'CloudUnavailable'],
    ['constructor', 400, 'InvalidParameter'],
  ])('means by %s with status %d: %s', (code, status, meaning) => {
    expect(meaningOf(code, status)).toBe(meaning);
  });
});
