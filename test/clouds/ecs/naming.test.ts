import { describe, expect, it } from 'vitest';
import { naming } from '../../support/clouds/ecs.ts';

describe('the names of ECS', () => {
  const session = {
    accountId: 'ns1',
    kind: 'role',
    roleName: 'demo',
    roleId: 'AROA1',
    callerId: 'AIDA1',
    callerName: 'ci',
    sessionName: 'sess',
  } as const;

  it('are URNs with the namespace where AWS has the account', () => {
    expect(naming.roles('ns1', 'demo', '')).toEqual(['urn:ecs:iam::ns1:role/demo']);
    expect(naming.user('ns1', 'ci', 'AIDA1')).toMatchObject({ arn: 'urn:ecs:iam::ns1:user/ci', userId: 'AIDA1' });
    expect(naming.subject(session)).toEqual({ arn: 'urn:ecs:sts::ns1:assumed-role/demo/sess', id: 'AROA1:sess' });
    expect(naming.subject({ ...session, kind: 'federated' })).toEqual({
      arn: 'urn:ecs:sts::ns1:federated-user/sess',
      id: 'ns1:sess',
    });
    expect(naming.session({ ...session, kind: 'user' })).toMatchObject({
      arn: 'urn:ecs:iam::ns1:user/ci',
      userId: 'AIDA1',
      type: 'user',
    });
  });

  it('are the same for the same seed, and of the system’s form', () => {
    expect(naming.identifier('account', 'seed')).toMatch(/^ns[a-z]{6}$/);
    expect(naming.identifier('role', 'seed')).toMatch(/^AROA[0-9A-F]{16}$/);
    expect(naming.identifier('user', 'seed')).toMatch(/^AIDA[0-9A-F]{16}$/);
    expect(naming.identifier('role', 'seed')).toBe(naming.identifier('role', 'seed'));
    expect(naming.accessKeyId(new Uint8Array(20).fill(0xab))).toBe('ASIAABABABABABABABAB');
  });
});
