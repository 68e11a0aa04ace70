import { describe, expect, it } from 'vitest';
import { StsError } from '../../lib/core/errors.ts';
import { authorize } from '../../lib/grants/authorize.ts';
import { ask, rulesFor } from '../support/rules.ts';

const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
const outcome = (grant: object, request: object): string => {
  try {
    authorize(rulesFor(grant), ask({}, request));
    return 'allowed';
  } catch (thrown) {
    const { code, detail } = StsError.from(thrown);
    return detail.reason ?? code;
  }
};

describe('a grant with a policy of its own', () => {
  it('gives no session that the policy would not bind', () => {
    const operations = ['AssumeRole', 'GetSessionToken'];
    expect(outcome({ operations, policy }, {})).toBe('allowed');
    expect(outcome({ operations, policy }, { operation: 'GetSessionToken' })).toBe('UnsupportedOperation');
    expect(outcome({ operations }, { operation: 'GetSessionToken' })).toBe('allowed');
  });

  it('takes no managed policies beside it, whose rights the cloud would add', () => {
    const policyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    expect(outcome({ policy, accepts: ['policy'] }, { policyArns })).toBe('TwoPolicies');
    expect(outcome({ accepts: ['policy'] }, { policyArns })).toBe('allowed');
  });
});

describe('a grant that accepts no tags', () => {
  it('lets its callers not even say which of its own go on to the next role of a chain', () => {
    const transitiveTagKeys = ['team'];
    expect(outcome({ tags: { team: 'red' } }, { transitiveTagKeys })).toBe('TagsNotAccepted');
    expect(outcome({ tags: { team: 'red' }, accepts: ['tags'] }, { transitiveTagKeys })).toBe('allowed');
  });
});

describe('the duration of what is granted', () => {
  const given = (grant: object, request: object): unknown => {
    try {
      return authorize(rulesFor(grant), ask({}, request)).durationSeconds;
    } catch (thrown) {
      const { code, detail } = StsError.from(thrown);
      return detail.reason ?? code;
    }
  };

  it.each([
    [{}, {}, 3600],
    [{}, { defaultDurationSeconds: 7200 }, 7200],
    [{}, { durationSeconds: 900 }, 900],
    [{}, { durationSeconds: 43_200 }, 43_200],
    [{}, { durationSeconds: 43_201 }, 'InvalidDuration'],
    [{}, { durationSeconds: 899 }, 'InvalidDuration'],
    [{}, { durationSeconds: Number.NaN }, 'InvalidDuration'],
    [{}, { durationSeconds: Number.POSITIVE_INFINITY }, 'InvalidDuration'],
    [{ maxDurationSeconds: 1800 }, {}, 1800],
    [{ maxDurationSeconds: 1800 }, { durationSeconds: 1800 }, 1800],
    [{ maxDurationSeconds: 1800 }, { durationSeconds: 1801 }, 'DurationTooLong'],
    [{ maxDurationSeconds: 604_800 }, { durationSeconds: 43_201 }, 'InvalidDuration'],
    [{ maxDurationSeconds: 900 }, {}, 900],
  ])('with %j, asked %j, is %s', (grant, request, seconds) => {
    expect(given(grant, request)).toBe(seconds);
  });

  it('is never longer than the grant allows, though the cloud gives nothing so short', () => {
    expect(given({ maxDurationSeconds: 899 }, {})).toBe('DurationTooLong');
    expect(given({ maxDurationSeconds: 899 }, { durationSeconds: 899 })).toBe('DurationTooLong');
  });
});

describe('an identity token that was verified here', () => {
  it('becomes a plain AssumeRole at a cloud, which need not see it', () => {
    const { caller: _, ...allowed } = authorize(
      rulesFor({ operations: ['AssumeRoleWithWebIdentity'] }),
      ask({}, { operation: 'AssumeRoleWithWebIdentity', webIdentityToken: 'token', providerId: 'issuer' } as never),
    );
    expect(allowed).toMatchObject({ operation: 'AssumeRole', sessionName: 'build', account: 'prod' });
    expect(allowed).not.toHaveProperty('webIdentityToken');
    expect(allowed).not.toHaveProperty('providerId');
  });
});
