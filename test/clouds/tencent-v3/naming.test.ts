import { describe, expect, it } from 'vitest';
import { tencentV2 } from '../../../lib/clouds/tencent-v2/cloud.ts';
import type { NamedSession } from '../../../lib/core/naming.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { account, naming, now, variables } from '../../support/clouds/tencent-v3.ts';

describe('the names of Tencent Cloud', () => {
  const session: NamedSession = {
    accountId: '100000000001',
    kind: 'role',
    roleName: 'demo',
    roleId: '4611686018427397919',
    callerId: '100000000002',
    callerName: 'ci',
    sessionName: 'abc',
  };

  it('call a role by its name and by its number', () => {
    expect(naming.roles('1', 'demo', '2')).toEqual(['qcs::cam::uin/1:roleName/demo', 'qcs::cam::uin/1:role/2']);
  });

  it('are numbers of their form, the same for the same seed and in both editions', () => {
    for (const kind of ['account', 'user', 'role'] as const) {
      const number = naming.identifier(kind, 'seed');
      expect(number).toMatch(kind === 'role' ? /^46\d{17}$/ : /^[1-9]\d{11}$/);
      expect(naming.identifier(kind, 'seed')).toBe(number);
      expect(tencentV2.naming.identifier(kind, 'seed')).toBe(number);
      expect(naming.identifier(kind, 'another')).not.toBe(number);
    }
  });

  it('say who a key, a role, a federated user and a session of a user are', () => {
    expect(naming.user('100', 'ci', '200')).toEqual({
      accountId: '100',
      userId: '200',
      arn: 'qcs::cam:100:uin/200',
      principalId: '200',
      type: 'user',
    });
    expect(naming.session(session)).toEqual({
      accountId: '100000000001',
      userId: '4611686018427397919:abc',
      arn: 'qcs::sts:100000000001:assumed-role/4611686018427397919',
      principalId: '100000000002',
      type: 'role',
    });
    expect(naming.session({ ...session, kind: 'federated' })).toEqual({
      accountId: '100000000001',
      userId: '100000000002:abc',
      arn: 'qcs::sts:100000000001:federated-user/100000000002',
      principalId: '100000000002',
      type: 'federated',
    });
    expect(naming.session({ ...session, kind: 'user' })).toMatchObject({
      arn: 'qcs::cam:100000000001:uin/100000000002',
      type: 'user',
    });
    expect(naming.subject(session)).toEqual({
      arn: 'qcs::sts:100000000001:assumed-role/4611686018427397919',
      id: '4611686018427397919:abc',
    });
  });

  it("give a temporary key an id like the vendor's", () => {
    const random = Uint8Array.from({ length: 20 }, (_, index) => index);
    expect(naming.accessKeyId(random)).toMatch(/^AKID[A-Za-z0-9]{32}$/);
    expect(naming.accessKeyId(random)).not.toBe(naming.accessKeyId(random.toReversed()));
  });

  it('have durations and a grammar', () => {
    expect(naming.grammar.name).toBe('cam');
    expect(naming.seconds).toEqual({
      AssumeRole: { min: 1, default: 7200, max: 43_200 },
      AssumeRoleWithWebIdentity: { min: 1, default: 7200, max: 43_200 },
      GetFederationToken: { min: 1, default: 1800, max: 129_600 },
    });
  });

  it("fill the environment of the vendor's tools", () => {
    const credentials = {
      accessKeyId: 'I',
      secretAccessKey: new Secret('K'),
      sessionToken: new Secret('T'),
      expiration: now,
    };
    expect(variables?.(credentials, account({ region: 'ap-beijing' }))).toContainEqual(['TENCENTCLOUD_TOKEN', 'T']);
    expect(variables?.(credentials, account())).toHaveLength(4);
  });
});
