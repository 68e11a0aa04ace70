import { describe, expect, it } from 'vitest';
import { rolesByName } from '../../lib/authority/roles.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import { accountIds, arnOf, role } from '../support/authority.ts';

const namings = new Map(clouds.map((cloud) => [cloud.id, cloud.naming]));
const roles = rolesByName(
  [role('demo', { aliases: ['the demo role'] }), role('admin')],
  namings,
  (dialect) => accountIds[dialect as keyof typeof accountIds],
);

describe('the roles of the authority', () => {
  it('are found in the words of a system, and else in those of any other', () => {
    expect(roles.find('aws', arnOf('demo'))).toMatchObject({ role: { name: 'demo' }, dialect: 'aws' });
    expect(roles.find('ucloud', arnOf('demo'))).toMatchObject({ role: { name: 'demo' }, dialect: 'aws' });
    expect(roles.find('ucloud', 'the demo role')).toMatchObject({ dialect: 'ucloud' });
    expect(roles.find('unheard-of', arnOf('demo'))).toMatchObject({ dialect: 'aws' });
    expect(roles.find('aws', arnOf('nobody'))).toBeUndefined();
  });

  it('are known by their plain names in each system', () => {
    expect(roles.named('ucloud', 'admin')).toMatchObject({ id: expect.stringMatching(/^role-/) });
    expect(roles.named('aws', 'nobody')).toBeUndefined();
    expect(roles.named('unheard-of', 'admin')).toBeUndefined();
  });

  it('have all of their texts by any of them, in every system, and what names none has itself', () => {
    const texts = roles.textsOf('ucs:iam::55:role/demo');
    expect(texts).toEqual(expect.arrayContaining([arnOf('demo'), 'the demo role', 'urn:ecs:iam::s3:role/demo']));
    expect(texts.some((text) => text.includes('admin'))).toBe(false);
    expect([...roles.textsOf('the demo role')].sort()).toEqual([...texts].sort());
    expect(roles.textsOf('nobody')).toEqual(['nobody']);
  });
});
