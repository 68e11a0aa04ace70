import { describe, expect, it } from 'vitest';
import type { Account } from '../../lib/core/cloud.ts';
import { StsError } from '../../lib/core/errors.ts';
import { applyGrant } from '../../lib/grants/apply-grant.ts';
import { authorize } from '../../lib/grants/authorize.ts';
import { expectRefusal } from '../support/expect-refusal.ts';
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

/** What an account of a cloud, or of the authority, is asked after the grant is applied. */
const applied = (changes: object, request: object, cloud = 'aws') => {
  const [grant] = rulesFor(changes).grants.of('ci');
  if (grant === undefined) throw new Error('There is no grant.');
  return applyGrant(grant, { name: 'prod', cloud } as Account, request as never, { name: 'ci', proof: 'accessKey' });
};

const assume = { operation: 'AssumeRole', role: 'role/a', sessionName: 'me' };
const federate = { operation: 'GetFederationToken', name: 'me' };
const session = { operation: 'GetSessionToken' };
const policyText = JSON.stringify(policy);
const names = { references: { sessionName: {}, caller: {} } };

describe('what a grant gives in place of what was asked', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: the language of the templates
  it.each([
    ['nothing by itself', {}, assume, assume],
    [
      'a name made of that of the session',
      { ...names, sessionName: 'a-${sessionName}' },
      assume,
      { sessionName: 'a-me' },
    ],
    ['a name made of that of the user', { ...names, sessionName: 'a-${sessionName}' }, federate, { name: 'a-me' }],
    [
      'a name of a session of at most 64 characters',
      { sessionName: 'x'.repeat(64) },
      assume,
      { sessionName: 'x'.repeat(64) },
    ],
    ['a name of a user of at most 32 characters', { sessionName: 'x'.repeat(32) }, federate, { name: 'x'.repeat(32) }],
    ['a source of a role’s session', { ...names, sourceIdentity: '${caller}' }, assume, { sourceIdentity: 'ci' }],
    ['no source of a user', { ...names, sourceIdentity: '${caller}' }, federate, {}],
    ['an external id to a role', { externalId: 'env:SECRET' }, assume, { externalId: 'a secret of the test' }],
    ['no external id to a user', { externalId: 'env:SECRET' }, federate, {}],
    ['no external id to the caller itself', { externalId: 'env:SECRET' }, session, {}],
    ['a policy', { policy }, assume, { policy: policyText }],
    ['tags', { tags: { team: 'red' } }, federate, { tags: [{ key: 'team', value: 'red' }] }],
  ])('is %s', (_, grant, request, more) => {
    expect(applied(grant, request)).toStrictEqual({ ...request, ...more });
  });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: the language of the templates

  it.each([
    [assume, 'sessionName', 64],
    [federate, 'name', 32],
  ])('is a name cut to what the cloud takes: %j', (request, member, length) => {
    const name = (applied({ sessionName: 'x'.repeat(65) }, request) as unknown as Record<string, string>)[member];
    expect(name).toMatch(new RegExp(`^x{${length - 21}}-[0-9a-f]{20}$`));
  });

  it('is neither an account nor a duration, which are decided elsewhere', () => {
    const more = { account: 'prod', durationSeconds: 900, defaultDurationSeconds: 3600, minimumRemainingSeconds: 60 };
    expect(applied({}, { ...assume, ...more })).toStrictEqual({ ...assume, minimumRemainingSeconds: 60 });
  });

  it('is to the authority its own policy beside that of the caller, and no external id', () => {
    const grant = { policy, externalId: 'env:SECRET', accepts: ['policy'] };
    const request = { ...assume, policy: '{}', policyArns: ['arn'], externalId: 'mine', serialNumber: 'mfa' };
    expect(applied(grant, request, 'authority')).toStrictEqual({ ...request, grantPolicy: policyText });
  });

  it.each([
    ['policy', '{}'],
    ['policyArns', ['arn']],
  ])('is to a cloud no policy beside the caller’s own %s', (member, value) => {
    const act = () => applied({ policy, accepts: ['policy'] }, { ...assume, [member]: value });
    expect(expectRefusal(act)).toMatchObject({
      code: 'AccessDenied',
      message: 'The grant has a policy of its own, and the cloud takes one document only.',
      detail: {
        parameter: member,
        reason: 'TwoPolicies',
        trace: [
          { grant: 'grant-0', clause: member, reason: 'TwoPolicies', expected: 'none from the caller', saw: 'one' },
        ],
      },
    });
  });

  it('is no session that its policy would not bind', () => {
    expect(expectRefusal(() => applied({ policy }, session))).toMatchObject({
      code: 'UnsupportedOperation',
      message: 'The grant has a policy, and GetSessionToken takes none.',
    });
  });

  it.each([
    ['stra\u00dfe', 'STRASSE'],
    ['size', 's\u0131ze'],
    ['i\u0307d', '\u0130D'],
    ['team', ' t\u00a0\u200beam '],
  ])('is its own tag %j, however a caller spells it: %j', (key, spelled) => {
    const grant = { tags: { [key]: 'red' }, accepts: ['tags'] };
    const request = {
      ...assume,
      tags: [
        { key: spelled, value: 'blue' },
        { key: 'other', value: 'x' },
      ],
    };
    expect(applied(grant, request)).toStrictEqual({
      ...assume,
      tags: [
        { key: 'other', value: 'x' },
        { key, value: 'red' },
      ],
    });
  });
});
