import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../lib/authority/authority.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import { Secret } from '../../lib/core/secret.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { accountIds, arnOf, assume, ci, material, openSts, role } from '../support/authority.ts';
import { expectRefusal, refusalCode } from '../support/expect-refusal.ts';

// What the authority says when it refuses, as callers, and those who help them, read it.

const sts = openSts([
  role('demo', { maxSessionDurationSeconds: 7200 }),
  role('closed', { trust: [] }),
  role('partner', { externalId: 'four-eyes' }),
]);
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
const told = (act: () => unknown) => {
  const { code, message, detail } = expectRefusal(act);
  return { code, message, ...detail };
};

describe('a refusal of the authority', () => {
  it('says that there is no such role', () => {
    expect(told(() => sts.ask(ci, assume('absent')))).toEqual({
      code: 'RoleNotFound',
      message: 'The role does not exist.',
    });
  });

  it('is the same for whom a role does not trust and for who has not its external id', () => {
    const refused = { code: 'AccessDenied', message: 'The caller is not authorized to assume this role.' };
    expect(told(() => sts.ask(ci, assume('closed')))).toEqual(refused);
    expect(told(() => sts.ask(ci, assume('partner')))).toEqual(refused);
    expect(told(() => sts.ask(ci, assume('partner', { externalId: 'four' })))).toEqual(refused);
  });

  it('is one for an external id that comes with an identity token, which brings none', () => {
    const request = { ...assume('partner'), operation: 'AssumeRoleWithWebIdentity', externalId: 'four-eyes' };
    const allowed = { ...request, account: 'authority', grant: 'g', caller: ci, dialect: 'aws', durationSeconds: 900 };
    expect(refusalCode(() => sts.authority.issue(allowed as never, new Date(sts.at)))).toBe('AccessDenied');
    const named = { ...allowed, operation: 'AssumeRole' };
    expect(refusalCode(() => sts.authority.issue(named as never, new Date(sts.at)))).toBe('none');
  });

  it('is one for a federated user, which assumes no role, not even one that trusts everybody', () => {
    const open = openSts([role('open', { trust: ['*'] })]);
    const { session } = open.holder(open.ask(ci, { operation: 'GetFederationToken', name: 'bob', policy: everything }));
    const caller = { name: 'session', proof: 'session', session };
    const allowed = { ...assume('open'), account: 'authority', grant: 'g', dialect: 'aws', durationSeconds: 900 };
    const issue = (by: object) =>
      refusalCode(() => open.authority.issue({ ...allowed, caller: by } as never, new Date(open.at)));
    expect(issue(caller)).toBe('AccessDenied');
    expect(issue({ ...caller, session: { ...session, kind: 'user' } })).toBe('none');
  });

  it('is none for an external id that the role does not ask for, as at AWS', () => {
    expect(refusalCode(() => sts.ask(ci, assume('demo', { externalId: 'any' })))).toBe('none');
  });

  it('names the longest duration of the role', () => {
    expect(told(() => sts.ask(ci, assume('demo', { durationSeconds: 7201 })))).toEqual({
      code: 'InvalidDuration',
      message: 'The requested DurationSeconds exceeds the 7200 seconds set for this session.',
      parameter: 'DurationSeconds',
    });
  });

  it('says that there are no managed policies', () => {
    expect(told(() => sts.ask(ci, assume('demo', { policyArns: ['arn:aws:iam::aws:policy/A'] })))).toEqual({
      code: 'InvalidParameter',
      message: 'This authority has no managed policies.',
      parameter: 'PolicyArns',
    });
  });

  it('says that a second factor is not known, of which either half is given', () => {
    const refused = {
      code: 'AccessDenied',
      message: 'MultiFactorAuthentication failed: no such device is known here.',
    };
    const halves = [{ serialNumber: 'arn:aws:iam::1:mfa/me' }, { tokenCode: new Secret('123456') }];
    for (const half of halves) {
      expect(told(() => sts.ask(ci, assume('demo', half)))).toEqual(refused);
      expect(told(() => sts.ask(ci, { operation: 'GetSessionToken', ...half }))).toEqual(refused);
    }
  });

  it('says that policy and tags have no room in a token', () => {
    const Sid = Array.from({ length: 150 }, (_, index) => hash('sha256', `${index}`)).join('');
    const Statement = [{ Sid, Effect: 'Allow', Action: '*', Resource: '*' }];
    const policy = JSON.stringify({ Version: '2012-10-17', Statement });
    const refused = {
      code: 'PolicyTooLarge',
      message: 'The session policy and tags are too large together.',
      parameter: 'Policy',
    };
    expect(told(() => sts.ask(ci, assume('demo', { policy })))).toEqual(refused);
    // However short a token they make, they are read as a whole once the token is shown.
    const tags = Array.from({ length: 50 }, (_, index) => ({ key: `${index}`, value: 'a'.repeat(2000) }));
    expect(told(() => sts.ask(ci, assume('demo', { tags })))).toEqual(refused);
  });

  it('comes with the first token that is longer than 6 KiB', () => {
    const text = Array.from({ length: 150 }, (_, index) => hash('sha256', `${index}`)).join('');
    const lengthWith = (count: number) =>
      sts.ask(ci, assume('demo', { tags: [{ key: 'a', value: text.slice(0, count) }] })).sessionToken.reveal().length;
    const fits = (count: number) => refusalCode(() => lengthWith(count)) === 'none';
    // What cannot be compressed makes the token longer by a character or two at a time.
    let count = 7_500;
    for (const step of [512, 64, 8, 1]) while (fits(count + step)) count += step;
    expect(lengthWith(count)).toBe(6 * 1024);
  });

  it('says that the role of a session is gone, and that a token is none of its own', () => {
    const triad = sts.ask(ci, assume('demo'));
    expect(told(() => openSts([]).holder(triad))).toMatchObject({
      code: 'InvalidToken',
      message: 'The role of this session no longer exists.',
    });
    expect(refusalCode(() => sts.holder({ ...triad, sessionToken: new Secret('x') }))).toBe('InvalidToken');
  });

  it('says that it speaks no cloud where there is none', () => {
    const settings = { ring: keyring(material('a')), roles: [], accountIds };
    const mute = createAuthority(settings, new Map());
    expect(told(() => mute.identify(ci, 'json'))).toEqual({
      code: 'Misconfigured',
      message: 'The authority speaks no cloud of this function.',
    });
  });
});

describe('what the authority gives', () => {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
  });

  it('says how much of the room for policies is taken, in percent of 2,048 characters', () => {
    const packed = (text: string) => sts.ask(ci, assume('demo', { policy: text })).packedPolicySize;
    expect(packed(policy)).toBe(Math.ceil((policy.length / 2048) * 100));
    expect(packed(`${policy}${' '.repeat(2048 - policy.length)}`)).toBe(100);
    expect(sts.ask(ci, assume('demo')).packedPolicySize).toBeUndefined();
  });

  it('names no subject of a session that is the caller, and one of each other', () => {
    expect(sts.ask(ci, { operation: 'GetSessionToken' }).subject).toBeUndefined();
    expect(sts.ask(ci, { operation: 'GetFederationToken', name: 'bob' }).subject?.arn).toBe(
      'arn:aws:sts::123456789012:federated-user/bob',
    );
  });

  it('has the tags and the source identity of the request, and no source identity of an identity token', () => {
    const tags = [{ key: 'team', value: 'data' }];
    const federated = sts.holder(sts.ask(ci, { operation: 'GetFederationToken', name: 'bob', tags }));
    expect(federated.session?.tags).toEqual({ team: 'data' });
    const { operation: _, ...rest } = assume('demo', { sourceIdentity: 'ada' });
    const byToken = { ...rest, operation: 'AssumeRoleWithWebIdentity', webIdentityToken: new Secret('x') } as const;
    expect(sts.holder(sts.ask(ci, byToken)).session?.sourceIdentity).toBeUndefined();
  });

  it('is named by numbers of its own, the same for the same caller and different for each', () => {
    const { authority } = openSts([role('demo')], [material('a')], {});
    const of = (name: string, dialect = 'aws') => authority.identify({ ...ci, name }, dialect);
    expect(of('ci')).toEqual(of('ci'));
    expect(of('ci').userId).not.toBe(of('other').userId);
    expect(of('ci').accountId).toMatch(/^\d{12}$/);
    // Who trusts the authority has written them down.
    expect([of('ci').accountId, of('ci').userId]).toEqual(['974475303598', 'AIDAED2JMHF426ZSIWQ5T']);
  });

  it('is in the words of AWS, or of any cloud there is, for a dialect without names', () => {
    const settings = { ring: keyring(material('a')), roles: [], accountIds };
    const only = (id: string) =>
      createAuthority(settings, new Map(clouds.filter((cloud) => cloud.id === id).map((one) => [id, one.naming])));
    expect(only('aws').identify(ci, 'json').arn).toBe('arn:aws:iam::123456789012:user/ci');
    expect(only('ecs').identify(ci, 'json').arn).toBe('urn:ecs:iam::s3:user/ci');
    expect(arnOf('demo')).toContain('123456789012');
  });
});
