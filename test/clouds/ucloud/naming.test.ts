import { describe, expect, it } from 'vitest';
import { naming } from '../../support/clouds/ucloud.ts';

describe('the names of UCloud', () => {
  const session = {
    accountId: '12345678',
    kind: 'role',
    roleName: 'demo',
    roleId: 'role-1',
    callerId: 'user-1',
    callerName: 'ci',
    sessionName: 'sess',
  } as const;

  it('are URNs', () => {
    expect(naming.roles('12345678', 'demo', '')).toEqual(['ucs:iam::12345678:role/demo']);
    expect(naming.user('12345678', 'ci', 'user-1').arn).toBe('ucs:iam::12345678:user/ci');
    expect(naming.session(session).arn).toBe('ucs:sts::12345678:assumed-role/demo/sess');
    expect(naming.session({ ...session, kind: 'federated' }).arn).toBe('ucs:sts::12345678:federated-user/sess');
    expect(naming.session({ ...session, kind: 'user' })).toMatchObject({
      arn: 'ucs:iam::12345678:user/ci',
      userId: 'user-1',
    });
    expect(naming.subject(session)).toEqual({ arn: naming.session(session).arn, id: 'role-1:sess' });
  });

  it('are the same for the same seed, and of the system’s form', () => {
    expect(naming.identifier('account', 'seed')).toMatch(/^\d{8}$/);
    expect(naming.identifier('role', 'seed')).toMatch(/^role-[a-z0-9]{10}$/);
    expect(naming.identifier('user', 'seed')).toBe(naming.identifier('user', 'seed'));
    expect(naming.identifier('user', 'seed')).not.toBe(naming.identifier('user', 'other'));
  });

  it('give temporary keys ids of their own', () => {
    const ids = Array.from({ length: 100 }, (_, seed) => naming.accessKeyId(new Uint8Array(20).fill(seed)));
    expect(new Set(ids.map((id) => id.length))).toEqual(new Set([24]));
    expect(naming.accessKeyId(crypto.getRandomValues(new Uint8Array(20)))).toMatch(/^STS\.[a-z0-9]{20}$/);
  });
});
