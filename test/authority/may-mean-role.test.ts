import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayMeanRole } from '../../lib/authority/may-mean-role.ts';

const named = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

const encoded = (text: string): string => text.replace(/[^:/]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);

describe('a pattern that is encoded', () => {
  it('may mean the role however often it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9_.-]{1,12}$/), fc.integer({ min: 1, max: 4 }), (name, times) => {
        const written = Array.from({ length: times }).reduce<string>((text) => encoded(text), name);
        expect(mayMeanRole(named(name))(named(written))).toBe(true);
        expect(mayMeanRole(named(`${name}x`))(named(written))).toBe(false);
      }),
    );
  });

  it('is read to its end if that is thousands of times', () => {
    const layers = '25'.repeat(100_000);
    expect(mayMeanRole(named('demo'))(named(`%${layers}64emo`))).toBe(true);
    expect(mayMeanRole(named('demo'))(named(`%${layers}65emo`))).toBe(false);
  });
});

describe('a pattern may be meant for a role', () => {
  const admin = named('admin');
  const tencent = 'qcs::cam::uin/1001:roleName/team/admin';
  it.each([
    ['in another case', named('ADMIN'), admin],
    ['with blanks in it', named('ad min\t'), admin],
    ['with characters that nobody sees', named('ad\u200bmin'), admin],
    ['in letters of another width', named('\uff41dmin'), admin],
    ['with more slashes', named('team//admin'), named('team/admin')],
    ['by a wildcard behind more slashes', named('team//adm*'), named('team/admin')],
    ['without its path', named('admin'), named('team/admin')],
    ['with another path', named('other/admin'), admin],
    ['by a wildcard in its last part', named('adm*'), named('team/admin')],
    ['by a wildcard in its path', named('te*/admin'), named('team/admin')],
    ['of no account', 'arn:aws:iam:::role/admin', admin],
    ['of every account', 'arn:aws:iam::*:role/admin', admin],
    ['where the role is of no account', admin, 'arn:aws:iam:::role/admin'],
    ['of another partition', 'arn:aws-cn:iam::123456789012:role/admin', admin],
    ['in the words of another system', 'acs:ram::123456789012:role/admin', admin],
    ['as an agency', 'iam::d01:agency:admin', 'iam::d01:agency:ADMIN'],
    [
      'by an id, where the role is asked for by its name',
      'qcs::cam::uin/1:role/4611',
      'qcs::cam::uin/1:roleName/admin',
    ],
    ['of a region', 'acs:ram:cn:123456789012:role/admin', admin],
    ['behind parts of any length', 'a:bc::iam::123456789012:role/admin', admin],
    ['of Tencent with a project and a region', 'qcs:id/1:cam:gz:uin/1001:roleName/admin', tencent],
    ['of Tencent without the word before its account', 'qcs::cam::1001:roleName/admin', tencent],
    ['of Tencent and of no account', 'qcs::cam:::roleName/admin', tencent],
    ['by an id, with a project and a region', 'qcs:id/1:cam:gz:uin/1001:role/4611', tencent],
    ['by an id, without the word before its account', 'qcs::cam::1001:role/4611', tencent],
    ['by an id, of no account', 'qcs::cam:::role/4611', tencent],
    ['of Tencent and of no service', 'qcs::::uin/1001:roleName/admin', tencent],
    ['by an id, of no service', 'qcs::::uin/1001:role/4611', tencent],
    ['of Tencent and of no service, by a wildcard', 'qcs::::uin/1001:r*', tencent],
    ['of Tencent, in the words of another system', 'arn:aws:iam::1001:role/admin', tencent],
    ['of Tencent, whatever it is', 'qcs:id/1:cam:gz:uin/1001:*', tencent],
    ['of Tencent, by a wildcard before its name', 'qcs::cam::1001:role?ame/team/adm*', tencent],
    ['by an id, by a wildcard before it', 'qcs::*:::ro*e/46?1', tencent],
    ['that is written in no form that is known', 'Some-Thing', 'some-thing'],
  ])('%s', (_, pattern, role) => {
    expect(mayMeanRole(role)(pattern)).toBe(true);
  });

  it.each([
    ['of another account', 'arn:aws:iam::210987654321:role/admin', admin],
    ['of another name', named('admins'), admin],
    ['of a part of its name', named('min'), admin],
    ['of another account of Tencent', 'qcs::cam::uin/1002:roleName/admin', tencent],
    ['by an id, of another account', 'qcs::cam::uin/1002:role/4611', tencent],
    ['by another id, where the role is asked for by one', 'qcs:a:cam::uin/1:role/4611', 'qcs::cam::uin/1:role/4612'],
    ['of another name, in the words of another system', 'arn:aws:iam::1001:role/other', tencent],
    ['of Tencent behind other words', 'arn:qcs::cam::uin/1001:roleName/admin', tencent],
    ['by an id behind other words', 'arn:qcs::cam::uin/1001:role/4611', tencent],
    ['of Tencent behind other words, by a wildcard', 'arn:qcs::cam::uin/1001:r*', tencent],
    ['of another account, by a wildcard', 'qcs::cam::uin/1002:r*', tencent],
    ['of a user of Tencent', 'qcs::cam::uin/1001:u*', tencent],
    ['of another service of Tencent', 'qcs::cos::uin/1001:r*', tencent],
    ['of a service whose name ends as that of roles does', 'arn:aws:program::123456789012:role/admin', admin],
    ['of no name', named(''), admin],
    ['by a wildcard that does not reach it', named('adm*x'), named('team/admin')],
    ['that is of no role', 'arn:aws:s3:::admin', admin],
    ['where the role is written in no form that is known', admin, 'admin'],
    ['where neither is', 'other', 'admin'],
    ['with half of an escape', named('%6'), named('f')],
    ['with an escape that is none', named('%6gdmin'), admin],
  ])('and not %s', (_, pattern, role) => {
    expect(mayMeanRole(role)(pattern)).toBe(false);
  });
});

describe('a pattern for a role of Tencent', () => {
  const of = (resource: string) => `qcs::cam::uin/1:${resource}`;
  const anywhere = (resource: string) => `qcs:id/2:cam:gz:uin/1:${resource}`;

  it.each([
    ['role*/admin', true],
    ['r*', true],
    ['role?ame/adm?n', true],
    ['role*/4612', true],
    ['u*', false],
    ['user?ame/admin', false],
    ['role?/admin', false],
  ])('may mean one of which its id alone is known, if a name can begin so: %s', (pattern, means) => {
    expect(mayMeanRole(of('role/4611'))(anywhere(pattern))).toBe(means);
  });

  it.each([
    ['r?le/4611', true],
    ['ro*/46?1*', true],
    ['r?le/admins', false],
    ['r?les/4611', false],
    ['u*/4611', false],
  ])('may mean one of which its name alone is known, if it can be an id: %s', (pattern, means) => {
    expect(mayMeanRole(of('roleName/admin'))(anywhere(pattern))).toBe(means);
  });

  it('means one of which name and id are known by these alone', () => {
    const means = mayMeanRole(of('roleName/4611'), of('role/999'));
    expect(['roleName/4611', 'role/999', 'role*'].map((one) => means(anywhere(one)))).toEqual([true, true, true]);
    expect(['role/4611', 'roleName/999', 'role/1'].map((one) => means(anywhere(one)))).toEqual([false, false, false]);
  });
});

it('a pattern may mean a role by any of its names', () => {
  const means = mayMeanRole('one', 'other');
  expect(['ONE', 'Other', 'third'].map((pattern) => means(pattern))).toEqual([true, true, false]);
});
