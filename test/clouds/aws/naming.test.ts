import { describe, expect, it } from 'vitest';
import { naming, role } from '../../support/clouds/aws.ts';

describe('the names of AWS', () => {
  const assumed = {
    accountId: '123456789012',
    kind: 'role',
    roleName: 'demo',
    roleId: 'AROA1',
    callerId: 'AIDA1',
    callerName: 'ci',
    sessionName: 'sess',
  } as const;

  it('are ARNs', () => {
    expect(naming.roles('123456789012', 'demo', '')).toEqual([role]);
    expect(naming.subject(assumed)).toEqual({
      arn: 'arn:aws:sts::123456789012:assumed-role/demo/sess',
      id: 'AROA1:sess',
    });
    expect(naming.subject({ ...assumed, kind: 'federated' })).toEqual({
      arn: 'arn:aws:sts::123456789012:federated-user/sess',
      id: '123456789012:sess',
    });
    expect(naming.session({ ...assumed, kind: 'user' })).toMatchObject({
      arn: 'arn:aws:iam::123456789012:user/ci',
      userId: 'AIDA1',
    });
  });

  it('are the same for the same seed, and of the system’s form', () => {
    expect(naming.identifier('account', 'seed')).toMatch(/^[1-9]\d{11}$/);
    expect(naming.identifier('role', 'seed')).toMatch(/^AROA[A-Z2-7]{17}$/);
    expect(naming.identifier('user', 'seed')).toMatch(/^AIDA[A-Z2-7]{17}$/);
    expect(naming.identifier('user', 'seed')).toBe(naming.identifier('user', 'seed'));
    expect(naming.accessKeyId(crypto.getRandomValues(new Uint8Array(20)))).toMatch(/^ASIA[A-Z2-7]{16}$/);
  });
});
