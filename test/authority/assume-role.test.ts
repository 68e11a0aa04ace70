import { describe, expect, it } from 'vitest';
import type { CloudId } from '../../lib/clouds/catalog.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import { Secret } from '../../lib/core/secret.ts';
import { accountIds, arnOf, assume, ci, openCourt, refusal, role } from '../support/authority.ts';

const other = { ...ci, name: 'other' };

describe('AssumeRole at the authority', () => {
  it('gives a whole triad, its expiration and its subject', () => {
    const court = openCourt([role('demo')]);
    const triad = court.ask(ci, assume('demo', { durationSeconds: 900 }));
    expect(triad.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(triad.secretAccessKey.reveal()).toMatch(/^[\w-]{40}$/);
    // To the second: nobody writes an Expiration with more.
    expect(triad.expiration).toEqual(new Date('2026-01-01T00:15:00Z'));
    expect(triad.subject?.arn).toBe('arn:aws:sts::123456789012:assumed-role/demo/run-1');
    expect(triad.subject?.id).toMatch(/^AROA\w{17}:run-1$/);
  });

  it('gives no two triads alike', () => {
    const court = openCourt([role('demo')]);
    const triads = Array.from({ length: 20 }, () => court.ask(ci, assume('demo')));
    expect(new Set(triads.map((one) => one.accessKeyId)).size).toBe(20);
    expect(new Set(triads.map((one) => one.secretAccessKey.reveal())).size).toBe(20);
  });

  it('is for whom the role trusts', () => {
    const court = openCourt([role('demo'), role('open', { trust: ['*'] }), role('closed', { trust: [] })]);
    expect(refusal(() => court.ask(ci, assume('demo')))).toBeUndefined();
    expect(refusal(() => court.ask(other, assume('demo')))).toBe('AccessDenied');
    expect(refusal(() => court.ask(other, assume('open')))).toBeUndefined();
    expect(refusal(() => court.ask(ci, assume('closed')))).toBe('AccessDenied');
  });

  it('knows no role but its own, by their whole names', () => {
    const court = openCourt([role('demo')]);
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
        refusal(() => court.ask(ci, { ...assume('demo'), role: text })),
        text,
      ).toBe('RoleNotFound');
    }
  });

  it('knows its roles by the names of every system, whichever is spoken', () => {
    const court = openCourt([role('demo')]);
    const names = clouds.map(({ id, naming }) => naming.roles(accountIds[id as CloudId], 'demo', '1')[0] ?? '');
    expect(names).toContain(arnOf('demo'));
    for (const { id: dialect } of clouds) {
      for (const text of names) {
        const triad = court.ask(ci, { ...assume('demo'), role: text }, dialect);
        expect(court.holder(triad).session?.role).toBe('demo');
      }
    }
  });

  it("knows a role by its aliases, such as the vendors' own examples", () => {
    const aliases = ['qcs::cam::uin/12345678:role/4611686018427397919', 'urn:ecs:iam::s3:role/s3assumeRole'];
    const court = openCourt([role('demo', { aliases })]);
    for (const text of aliases) {
      for (const dialect of ['tencent-v2', 'tencent-v3', 'ecs', 'aws']) {
        expect(court.holder(court.ask(ci, { ...assume('demo'), role: text }, dialect)).session?.role).toBe('demo');
      }
    }
  });

  it("gives a session no longer than the role's own", () => {
    const court = openCourt([role('short', { maxSessionDurationSeconds: 3600 })]);
    expect(refusal(() => court.ask(ci, assume('short', { durationSeconds: 3600 })))).toBeUndefined();
    expect(refusal(() => court.ask(ci, assume('short', { durationSeconds: 3601 })))).toBe('InvalidDuration');
  });

  it('gives what it can where no duration is asked, though the system spoken would give more', () => {
    // Tencent Cloud's 3.0 gives 7200 seconds to whoever asks for none.
    const court = openCourt([role('short', { maxSessionDurationSeconds: 3600 })]);
    const triad = court.ask(ci, assume('short', { defaultDurationSeconds: 7200 }), 'tencent-v3');
    expect(triad.expiration).toEqual(new Date('2026-01-01T01:00:00Z'));
  });

  it('asks for the external id where the role has one', () => {
    const court = openCourt([role('partner', { externalId: 'four-eyes' })]);
    expect(refusal(() => court.ask(ci, assume('partner', { externalId: 'four-eyes' })))).toBeUndefined();
    expect(refusal(() => court.ask(ci, assume('partner', { externalId: 'four-eye' })))).toBe('AccessDenied');
    expect(refusal(() => court.ask(ci, assume('partner')))).toBe('AccessDenied');
  });

  it('opens no role with an external id to an identity token, which brings none', () => {
    const court = openCourt([role('partner', { externalId: 'four-eyes' }), role('demo')]);
    const { operation: _, ...rest } = assume('partner');
    const ask = { ...rest, operation: 'AssumeRoleWithWebIdentity', webIdentityToken: new Secret('token') } as const;
    expect(refusal(() => court.ask(ci, ask))).toBe('AccessDenied');
    expect(refusal(() => court.ask(ci, { ...ask, role: arnOf('demo') }))).toBeUndefined();
  });

  it('refuses a second factor that it cannot check, rather than pass over it', () => {
    const court = openCourt([role('demo')]);
    const serialNumber = 'arn:aws:iam::123456789012:mfa/me';
    const tokenCode = new Secret('123456');
    expect(refusal(() => court.ask(ci, assume('demo', { serialNumber, tokenCode })))).toBe('AccessDenied');
    expect(refusal(() => court.ask(ci, { operation: 'GetSessionToken', serialNumber, tokenCode }))).toBe(
      'AccessDenied',
    );
  });

  it('keeps tags and the source identity in the session', () => {
    const court = openCourt([role('demo')]);
    const tags = [{ key: 'team', value: 'data' }];
    const { session } = court.holder(court.ask(ci, assume('demo', { tags, sourceIdentity: 'ada' })));
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
    const court = openCourt(roles);
    const first = court.holder(court.ask(ci, assume('first')));
    const second = court.holder(court.ask(first, assume('second')));
    expect(refusal(() => court.ask(second, assume('third')))).toBeUndefined();
    // `ci` began it and is trusted by `third`, but the session is of `first` now.
    expect(refusal(() => court.ask(first, assume('third')))).toBe('AccessDenied');
    expect(refusal(() => court.ask(ci, assume('second')))).toBe('AccessDenied');
    expect(refusal(() => court.ask(first, assume('open')))).toBeUndefined();
    expect(second.session?.caller).toBe('ci');
  });

  it('takes no caller for a role of the same name', () => {
    const court = openCourt([...roles, role('ci', { trust: ['*'] })]);
    const session = court.holder(court.ask(ci, assume('ci')));
    expect(refusal(() => court.ask(session, assume('first')))).toBe('AccessDenied');
    expect(refusal(() => court.ask({ ...ci, name: 'role:first' }, assume('second')))).toBe('AccessDenied');
  });

  it('lasts an hour at the most', () => {
    const court = openCourt(roles);
    const first = court.holder(court.ask(ci, assume('first', { durationSeconds: 43_200 })));
    expect(refusal(() => court.ask(first, assume('second', { durationSeconds: 3600 })))).toBeUndefined();
    expect(refusal(() => court.ask(first, assume('second', { durationSeconds: 3601 })))).toBe('InvalidDuration');
    const unasked = court.ask(first, assume('second', { defaultDurationSeconds: 7200 }), 'tencent-v3');
    expect(unasked.expiration).toEqual(new Date('2026-01-01T01:00:00Z'));
  });

  it('keeps the source identity that it began with', () => {
    const court = openCourt(roles);
    const first = court.holder(court.ask(ci, assume('first', { sourceIdentity: 'ada' })));
    const second = court.ask(first, assume('second', { sourceIdentity: 'eve' }));
    expect(second.sourceIdentity).toBe('ada');
    expect(court.holder(second).session?.sourceIdentity).toBe('ada');
  });

  it("goes on from a user's own session as from the user", () => {
    const court = openCourt(roles);
    const user = court.holder(court.ask(ci, { operation: 'GetSessionToken', durationSeconds: 43_200 }));
    expect(refusal(() => court.ask(user, assume('first', { durationSeconds: 43_200 })))).toBeUndefined();
    expect(refusal(() => court.ask(user, assume('second')))).toBe('AccessDenied');
  });
});

describe('a federated user', () => {
  it('has no role to go on to', () => {
    const court = openCourt([role('open', { trust: ['*', 'ci'] })]);
    const federated = court.holder(court.ask(ci, { operation: 'GetFederationToken', name: 'bob' }));
    expect(federated.session?.kind).toBe('federated');
    expect(refusal(() => court.ask(federated, assume('open')))).toBe('AccessDenied');
  });
});

describe('what takes a long-term key', () => {
  it.each(['GetFederationToken', 'GetSessionToken'] as const)('%s refuses every temporary triad', (operation) => {
    const court = openCourt([role('demo')]);
    const asked = operation === 'GetFederationToken' ? { operation, name: 'bob' } : { operation };
    const triads = [
      court.ask(ci, assume('demo')),
      court.ask(ci, { operation: 'GetFederationToken', name: 'bob' }),
      court.ask(ci, { operation: 'GetSessionToken' }),
    ];
    expect(refusal(() => court.ask(ci, asked))).toBeUndefined();
    for (const triad of triads) expect(refusal(() => court.ask(court.holder(triad), asked))).toBe('AccessDenied');
  });
});
