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
    ['that is written in no form that is known', 'Some-Thing', 'some-thing'],
  ])('%s', (_, pattern, role) => {
    expect(mayMeanRole(role)(pattern)).toBe(true);
  });

  it.each([
    ['of another account', 'arn:aws:iam::210987654321:role/admin', admin],
    ['of another name', named('admins'), admin],
    ['of a part of its name', named('min'), admin],
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
