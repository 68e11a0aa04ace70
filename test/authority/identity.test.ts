import { describe, expect, it } from 'vitest';
import { assume, ci, openSts, role } from '../support/authority.ts';
import { refusalCode } from '../support/expect-refusal.ts';

describe('GetCallerIdentity at the authority', () => {
  const sts = openSts([role('demo')]);
  const { authority } = sts;

  it('knows a long-term key in the words of each system', () => {
    expect(authority.identify(ci, 'aws').arn).toBe('arn:aws:iam::123456789012:user/ci');
    expect(authority.identify(ci, 'ucloud').arn).toBe('ucs:iam::55:user/ci');
    expect(authority.identify(ci, 'ecs').arn).toBe('urn:ecs:iam::s3:user/ci');
    expect(authority.identify(ci, 'tencent-v3').arn).toMatch(/^qcs::cam:1001:uin\/\d{12}$/);
  });

  it('knows the id of a user as each system writes one', () => {
    expect(authority.identify(ci, 'ucloud').userId).toMatch(/^user-[a-z0-9]{10}$/);
    expect(authority.identify(ci, 'ecs').userId).toMatch(/^AIDA/);
    const holder = sts.holder(sts.ask(ci, { operation: 'GetSessionToken' }));
    expect(authority.identify(holder, 'ucloud').userId).toBe(authority.identify(ci, 'ucloud').userId);
  });

  it('says to a temporary triad what the reply that gave it out said', () => {
    const triads = [sts.ask(ci, assume('demo')), sts.ask(ci, { operation: 'GetFederationToken', name: 'bob' })];
    for (const triad of triads) {
      expect(authority.identify(sts.holder(triad), 'aws').arn).toBe(triad.subject?.arn);
      expect(authority.identify(sts.holder(triad), 'aws').userId).toBe(triad.subject?.id);
    }
  });

  it("says to a user's own session that it is the user", () => {
    const holder = sts.holder(sts.ask(ci, { operation: 'GetSessionToken' }));
    expect(authority.identify(holder, 'aws')).toEqual(authority.identify(ci, 'aws'));
  });

  it('answers the JSON API in the words of AWS', () => {
    expect(authority.identify(ci, 'json')).toEqual(authority.identify(ci, 'aws'));
  });
});

describe('GetFederationToken at the authority', () => {
  const sts = openSts([]);

  it('lasts as long as the system spoken lets it', () => {
    const ask = (dialect: string, durationSeconds: number) =>
      refusalCode(() => sts.ask(ci, { operation: 'GetFederationToken', name: 'bob', durationSeconds }, dialect));
    expect(ask('aws', 129_600)).toBe('none');
    expect(ask('aws', 129_601)).toBe('InvalidDuration');
    expect(ask('aws', 899)).toBe('InvalidDuration');
    expect(ask('tencent-v2', 7200)).toBe('none');
    expect(ask('tencent-v2', 7201)).toBe('InvalidDuration');
    expect(ask('ucloud', 3600)).toBe('UnsupportedOperation');
  });
});
