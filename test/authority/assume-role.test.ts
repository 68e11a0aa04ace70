import { describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { arnOf, assume, ci, openSts, role } from '../support/authority.ts';
import { refusalCode } from '../support/expect-refusal.ts';

const other = { ...ci, name: 'other' };

describe('AssumeRole at the authority', () => {
  it('gives a whole triad, its expiration and its subject', () => {
    const sts = openSts([role('demo')]);
    const triad = sts.ask(ci, assume('demo', { durationSeconds: 900 }));
    expect(triad.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(triad.secretAccessKey.reveal()).toMatch(/^[\w-]{40}$/);
    // To the second: nobody writes an Expiration with more.
    expect(triad.expiration).toEqual(new Date('2026-01-01T00:15:00Z'));
    expect(triad.subject?.arn).toBe('arn:aws:sts::123456789012:assumed-role/demo/run-1');
    expect(triad.subject?.id).toMatch(/^AROA\w{17}:run-1$/);
  });

  it('gives no two triads alike', () => {
    const sts = openSts([role('demo')]);
    const triads = Array.from({ length: 20 }, () => sts.ask(ci, assume('demo')));
    expect(new Set(triads.map((one) => one.accessKeyId)).size).toBe(20);
    expect(new Set(triads.map((one) => one.secretAccessKey.reveal())).size).toBe(20);
  });

  it('is for whom the role trusts', () => {
    const sts = openSts([role('demo'), role('open', { trust: ['*'] }), role('closed', { trust: [] })]);
    expect(refusalCode(() => sts.ask(ci, assume('demo')))).toBe('none');
    expect(refusalCode(() => sts.ask(other, assume('demo')))).toBe('AccessDenied');
    expect(refusalCode(() => sts.ask(other, assume('open')))).toBe('none');
    expect(refusalCode(() => sts.ask(ci, assume('closed')))).toBe('AccessDenied');
  });

  it('knows no role but its own, by their whole names', () => {
    const sts = openSts([role('demo')]);
    for (const text of [
      arnOf('demos'),
      arnOf('dem'),
      arnOf('*'),
      `${arnOf('demo')} `,
      arnOf('demo').toUpperCase(),
      arnOf('demo').replace('123456789012', '210987654321'),
      'demo',
      '__proto__',
      '',
    ]) {
      expect(
        refusalCode(() => sts.ask(ci, { ...assume('demo'), role: text })),
        text,
      ).toBe('RoleNotFound');
    }
  });

  it('knows its roles by the names of every system, whichever is spoken', () => {
    const sts = openSts([role('demo')]);
    const names = {
      aws: arnOf('demo'),
      ecs: 'urn:ecs:iam::s3:role/demo',
      'tencent-v2': 'qcs::cam::uin/1001:roleName/demo',
      'tencent-v3': 'qcs::cam::uin/1001:roleName/demo',
      ucloud: 'ucs:iam::55:role/demo',
    };
    for (const dialect of Object.keys(names)) {
      for (const text of Object.values(names)) {
        const triad = sts.ask(ci, { ...assume('demo'), role: text }, dialect);
        expect(sts.holder(triad).session?.role).toBe('demo');
      }
    }
  });

  it("knows a role by its aliases, such as the vendors' own examples", () => {
    const aliases = ['qcs::cam::uin/12345678:role/4611686018427397919', 'urn:ecs:iam::s3:role/s3assumeRole'];
    const sts = openSts([role('demo', { aliases })]);
    for (const text of aliases) {
      for (const dialect of ['tencent-v2', 'tencent-v3', 'ecs', 'aws']) {
        expect(sts.holder(sts.ask(ci, { ...assume('demo'), role: text }, dialect)).session?.role).toBe('demo');
      }
    }
  });

  it("gives a session no longer than the role's own", () => {
    const sts = openSts([role('short', { maxSessionDurationSeconds: 3600 })]);
    expect(refusalCode(() => sts.ask(ci, assume('short', { durationSeconds: 3600 })))).toBe('none');
    expect(refusalCode(() => sts.ask(ci, assume('short', { durationSeconds: 3601 })))).toBe('InvalidDuration');
  });

  it('gives what it can where no duration is asked, though the system spoken would give more', () => {
    // Tencent Cloud's 3.0 gives 7200 seconds to whoever asks for none.
    const sts = openSts([role('short', { maxSessionDurationSeconds: 3600 })]);
    const triad = sts.ask(ci, assume('short', { defaultDurationSeconds: 7200 }), 'tencent-v3');
    expect(triad.expiration).toEqual(new Date('2026-01-01T01:00:00Z'));
  });

  it('asks for the external id where the role has one', () => {
    const sts = openSts([role('partner', { externalId: 'four-eyes' })]);
    expect(refusalCode(() => sts.ask(ci, assume('partner', { externalId: 'four-eyes' })))).toBe('none');
    expect(refusalCode(() => sts.ask(ci, assume('partner', { externalId: 'four-eye' })))).toBe('AccessDenied');
    expect(refusalCode(() => sts.ask(ci, assume('partner')))).toBe('AccessDenied');
  });

  it('opens no role with an external id to an identity token, which brings none', () => {
    const sts = openSts([role('partner', { externalId: 'four-eyes' }), role('demo')]);
    const { operation: _, ...rest } = assume('partner');
    const ask = { ...rest, operation: 'AssumeRoleWithWebIdentity', webIdentityToken: new Secret('token') } as const;
    expect(refusalCode(() => sts.ask(ci, ask))).toBe('AccessDenied');
    expect(refusalCode(() => sts.ask(ci, { ...ask, role: arnOf('demo') }))).toBe('none');
  });

  it('refuses a second factor that it cannot check, rather than pass over it', () => {
    const sts = openSts([role('demo')]);
    const serialNumber = 'arn:aws:iam::123456789012:mfa/me';
    const tokenCode = new Secret('123456');
    expect(refusalCode(() => sts.ask(ci, assume('demo', { serialNumber, tokenCode })))).toBe('AccessDenied');
    expect(refusalCode(() => sts.ask(ci, { operation: 'GetSessionToken', serialNumber, tokenCode }))).toBe(
      'AccessDenied',
    );
  });

  it('keeps tags and the source identity in the session', () => {
    const sts = openSts([role('demo')]);
    const tags = [{ key: 'team', value: 'data' }];
    const { session } = sts.holder(sts.ask(ci, assume('demo', { tags, sourceIdentity: 'ada' })));
    expect(session?.tags).toEqual({ team: 'data' });
    expect(session?.sourceIdentity).toBe('ada');
  });
});

describe('a chain of roles', () => {
  const roles = [
    role('first'),
    role('second', { trust: ['role:first'] }),
    role('third', { trust: ['role:second', 'ci'] }),
    role('open', { trust: ['*'] }),
  ];

  it('goes by what each role trusts, not by who began it', () => {
    const sts = openSts(roles);
    const first = sts.holder(sts.ask(ci, assume('first')));
    const second = sts.holder(sts.ask(first, assume('second')));
    expect(refusalCode(() => sts.ask(second, assume('third')))).toBe('none');
    // `ci` began it and is trusted by `third`, but the session is of `first` now.
    expect(refusalCode(() => sts.ask(first, assume('third')))).toBe('AccessDenied');
    expect(refusalCode(() => sts.ask(ci, assume('second')))).toBe('AccessDenied');
    expect(refusalCode(() => sts.ask(first, assume('open')))).toBe('none');
    expect(second.session?.caller).toBe('ci');
  });

  it('takes no caller for a role of the same name', () => {
    const sts = openSts([...roles, role('ci', { trust: ['*'] })]);
    const session = sts.holder(sts.ask(ci, assume('ci')));
    expect(refusalCode(() => sts.ask(session, assume('first')))).toBe('AccessDenied');
    expect(refusalCode(() => sts.ask({ ...ci, name: 'role:first' }, assume('second')))).toBe('AccessDenied');
  });

  it('lasts an hour at the most', () => {
    const sts = openSts(roles);
    const first = sts.holder(sts.ask(ci, assume('first', { durationSeconds: 43_200 })));
    expect(refusalCode(() => sts.ask(first, assume('second', { durationSeconds: 3600 })))).toBe('none');
    expect(refusalCode(() => sts.ask(first, assume('second', { durationSeconds: 3601 })))).toBe('InvalidDuration');
    const unasked = sts.ask(first, assume('second', { defaultDurationSeconds: 7200 }), 'tencent-v3');
    expect(unasked.expiration).toEqual(new Date('2026-01-01T01:00:00Z'));
  });

  it('keeps the source identity that it began with', () => {
    const sts = openSts(roles);
    const first = sts.holder(sts.ask(ci, assume('first', { sourceIdentity: 'ada' })));
    const second = sts.ask(first, assume('second', { sourceIdentity: 'eve' }));
    expect(second.sourceIdentity).toBe('ada');
    expect(sts.holder(second).session?.sourceIdentity).toBe('ada');
  });

  it("goes on from a user's own session as from the user", () => {
    const sts = openSts(roles);
    const user = sts.holder(sts.ask(ci, { operation: 'GetSessionToken', durationSeconds: 43_200 }));
    expect(refusalCode(() => sts.ask(user, assume('first', { durationSeconds: 43_200 })))).toBe('none');
    expect(refusalCode(() => sts.ask(user, assume('second')))).toBe('AccessDenied');
  });
});

describe('a federated user', () => {
  it('has no role to go on to', () => {
    const sts = openSts([role('open', { trust: ['*', 'ci'] })]);
    const federated = sts.holder(sts.ask(ci, { operation: 'GetFederationToken', name: 'bob' }));
    expect(federated.session?.kind).toBe('federated');
    expect(refusalCode(() => sts.ask(federated, assume('open')))).toBe('AccessDenied');
  });
});

describe('what takes a long-term key', () => {
  it.each(['GetFederationToken', 'GetSessionToken'] as const)('%s refuses every temporary triad', (operation) => {
    const sts = openSts([role('demo')]);
    const asked = operation === 'GetFederationToken' ? { operation, name: 'bob' } : { operation };
    const triads = [
      sts.ask(ci, assume('demo')),
      sts.ask(ci, { operation: 'GetFederationToken', name: 'bob' }),
      sts.ask(ci, { operation: 'GetSessionToken' }),
    ];
    expect(refusalCode(() => sts.ask(ci, asked))).toBe('none');
    for (const triad of triads) expect(refusalCode(() => sts.ask(sts.holder(triad), asked))).toBe('AccessDenied');
  });
});
