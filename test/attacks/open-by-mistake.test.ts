import { describe, expect, it } from 'vitest';
import { readConfig } from '../../lib/config/load.ts';
import { StsError } from '../../lib/core/errors.ts';
import { authorize } from '../../lib/grants/authorize.ts';
import { openSts, role } from '../support/authority.ts';
import { ask, rulesFor, written } from '../support/rules.ts';

// A mistake in the configuration opens what its author believes to be closed.

const faultsOf = (config: object): string => {
  try {
    readConfig(config, { folder: '.', environment: { SECRET: 'a secret of the test' } });
    return 'none';
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

describe('a configuration is refused', () => {
  it('whose grants have one name, by which it is known what their callers share', () => {
    expect(faultsOf(written({ name: 'deploy' }, { name: 'other', shareable: true }))).toBe('none');
    expect(faultsOf(written({ name: 'deploy' }, { name: 'deploy', shareable: true }))).toContain(
      'grants.1.name: is deploy, which another grant has too',
    );
  });

  it('whose list of public hosts is empty, as if no host were this server', () => {
    expect(faultsOf(written({}))).toBe('none');
    expect(faultsOf({ ...written({}), publicHosts: [] })).toContain('publicHosts: must have at least one');
  });

  it.each([
    ['the alias of another', { aliases: ['the-one'] }],
    ['the name of another, in the words of any system', { aliases: ['qcs::cam::uin/1001:roleName/low'] }],
  ])('whose role has %s', (_, changes) => {
    const low = role('low', { aliases: ['the-one'] });
    for (const roles of [
      [role('admin', changes), low],
      [low, role('admin', changes)],
    ]) {
      expect(() => openSts(roles)).toThrow(StsError);
    }
    expect(() => openSts([role('admin'), low])).not.toThrow();
  });
});

it('a name whose reference has no end is given to nobody, as all would have it', () => {
  const given = (sessionName: string) => {
    const rules = rulesFor({ sessionName, references: { 'claims.sub': {} } });
    try {
      return authorize(rules, ask({ claims: { sub: 'alice' } }));
    } catch (thrown) {
      return StsError.from(thrown).detail.reason;
    }
  };
  expect(given('run-$\u007bclaims.sub}')).toMatchObject({ sessionName: 'run-alice' });
  expect(given('run-$\u007bclaims.sub')).toBe('TemplateRefused');
});
