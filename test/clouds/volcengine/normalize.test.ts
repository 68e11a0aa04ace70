import { describe, expect, it } from 'vitest';
import { volcengine } from '../../../lib/clouds/volcengine/cloud.ts';
import { meaningOf } from '../../../lib/clouds/volcengine/errors.ts';
import { fixturesOf } from '../../support/cloud-fixtures.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const fixture = fixturesOf('volcengine');
const { provider } = volcengine;
const read = (name: string, status = 200) =>
  provider.normalize({ status, headers: {}, body: fixture(name) }, 'AssumeRole');

describe('a reply of Volcengine', () => {
  it('is whole credentials, whose end is told with an offset', () => {
    const credentials = read('assume-role.reply.json');
    expect(credentials).toMatchObject({
      accessKeyId: 'AKTPFAKEEXAMPLE',
      expiration: new Date('2026-11-22T02:34:16Z'),
      subject: { arn: 'trn:sts::2000000001:assumed-role/demo/tour', id: '20005:tour' },
      upstreamRequestId: '20231115061320010010000000000001',
    });
    expect(credentials.secretAccessKey.reveal()).toBe('fakeTemporarySecretForTestsOnly==');
    expect(credentials.sessionToken.reveal()).toBe('STS2fakeTokenForTestsOnly');
  });

  it('says who one is, the account by a number', () => {
    const body = fixture('get-caller-identity.reply.json');
    expect(provider.identity?.normalize({ status: 200, headers: {}, body })).toEqual({
      accountId: '2000000000',
      userId: '20000',
      arn: 'trn:iam::2000000000:user/bob',
      type: 'user',
    });
  });

  it('is a refusal by its Error, whatever its status', () => {
    for (const status of [200, 401]) {
      expect(expectRefusal(() => read('refused.reply.json', status))).toMatchObject({
        code: 'SignatureMismatch',
        detail: { upstream: { status, code: 'SignatureDoesNotMatch', requestId: '20231115061320010010000000000002' } },
      });
    }
  });

  it.each([
    ['FlowLimitExceeded', 429, 'Throttled'],
    ['LackPolicy', 403, 'AccessDenied'],
    ['InvalidTRN', 400, 'InvalidParameter'],
    ['OfTomorrow', 403, 'AccessDenied'],
    ['OfTomorrow', 400, 'InvalidParameter'],
    ['OfTomorrow', 500, 'CloudUnavailable'],
    ['constructor', 400, 'InvalidParameter'],
  ])('means by %s with status %d: %s', (code, status, meaning) => {
    expect(meaningOf(code, status)).toBe(meaning);
  });
});
