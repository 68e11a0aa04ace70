import { describe, expect, it } from 'vitest';
import type { CallersPart } from '../../lib/grants/grant.ts';
import { refuseUnaccepted } from '../../lib/grants/refuse-unaccepted.ts';
import { expectRefusal, refusalCode } from '../support/expect-refusal.ts';
import { grantWith } from '../support/grants/grant-with.ts';

const parts: readonly CallersPart[] = ['policy', 'tags', 'sourceIdentity', 'secondFactor'];
const settled = [
  'operation',
  'account',
  'role',
  'sessionName',
  'name',
  'durationSeconds',
  'defaultDurationSeconds',
  'minimumRemainingSeconds',
  'webIdentityToken',
  'providerId',
  'audiences',
  'actorToken',
  'algorithm',
];

describe('a member of a request', () => {
  it.each(settled)('that the other clauses of a grant settle is accepted by every grant: %s', (member) => {
    expect(refusalCode(() => refuseUnaccepted(grantWith(), { [member]: 'x' }))).toBe('none');
  });

  it.each<[string, CallersPart, string, string]>([
    ['policy', 'policy', 'PolicyNotAccepted', 'The grant does not accept a policy from its callers.'],
    ['policyArns', 'policy', 'PolicyNotAccepted', 'The grant does not accept a policy from its callers.'],
    ['tags', 'tags', 'TagsNotAccepted', 'The grant does not accept tags from its callers.'],
    ['transitiveTagKeys', 'tags', 'TagsNotAccepted', 'The grant does not accept tags from its callers.'],
    [
      'sourceIdentity',
      'sourceIdentity',
      'SourceIdentityNotAccepted',
      'The grant does not accept a source identity from its callers.',
    ],
    [
      'serialNumber',
      'secondFactor',
      'SecondFactorNotAccepted',
      'The grant does not accept a second factor from its callers.',
    ],
    [
      'tokenCode',
      'secondFactor',
      'SecondFactorNotAccepted',
      'The grant does not accept a second factor from its callers.',
    ],
  ])('that is the caller’s choice is accepted by a grant that says so: %s', (member, part, reason, message) => {
    const refused = (accepts: readonly CallersPart[]) => () =>
      refuseUnaccepted(grantWith({ accepts: new Set(accepts) }), { [member]: 'x' });
    expect(refusalCode(refused([part]))).toBe('none');
    const error = expectRefusal(refused(parts.filter((one) => one !== part)));
    expect([error.code, error.message, error.detail.parameter, error.detail.reason]).toEqual([
      'AccessDenied',
      message,
      member,
      reason,
    ]);
  });

  it('that is the broker’s to give is accepted by none', () => {
    const error = expectRefusal(() => refuseUnaccepted(grantWith({ accepts: new Set(parts) }), { externalId: 'x' }));
    expect(error.detail).toEqual({
      parameter: 'externalId',
      reason: 'ExternalIdNotAccepted',
      trace: [
        {
          grant: 'deploy',
          clause: 'externalId',
          reason: 'ExternalIdNotAccepted',
          expected: 'none from the caller',
          saw: 'one',
        },
      ],
    });
  });

  it('that is between the authority and its callers goes through to it', () => {
    for (const member of ['externalId', 'serialNumber', 'tokenCode']) {
      expect(refusalCode(() => refuseUnaccepted(grantWith(), { [member]: 'x' }, true))).toBe('none');
    }
    expect(refusalCode(() => refuseUnaccepted(grantWith(), { policy: 'x' }, true))).toBe('AccessDenied');
  });

  it('that is not known is refused, and one without a value is not there', () => {
    expect(expectRefusal(() => refuseUnaccepted(grantWith(), { invented: 'x' }))).toMatchObject({
      code: 'UnknownParameter',
      message: 'The request has a member that no grant allows.',
    });
    expect(refusalCode(() => refuseUnaccepted(grantWith(), { policy: undefined, invented: undefined }))).toBe('none');
  });
});
