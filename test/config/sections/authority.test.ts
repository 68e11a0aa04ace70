import { describe, expect, it } from 'vitest';
import { awsUpstream } from '../../../lib/clouds/aws/cloud.ts';
import { upstreams } from '../../../lib/clouds/catalog.ts';
import { configOf } from '../../../lib/config/config.ts';
import { readConfig } from '../../../lib/config/load.ts';
import { validate } from '../../../lib/config/validate.ts';
import { configFaults } from '../../support/expect-refusal.ts';

const environment = { LONG: 'x'.repeat(32), SHORT: 'x'.repeat(31) };
const faultsOf = (json: object) => configFaults(() => readConfig(json, { folder: '/nowhere', environment }));

describe('the authority section', () => {
  it('is needed by an account of the authority', () => {
    const accounts = { cloud: { cloud: 'authority' } };
    expect(faultsOf({ accounts })).toEqual(['authority: is missing, but an account has the cloud authority']);
    expect(faultsOf({ accounts, authority: { keys: ['env:LONG'] } })).toEqual([]);
  });

  it('has keys that are long enough, each named by its path', () => {
    expect(faultsOf({ authority: { keys: ['env:LONG', 'env:SHORT', 'env:NO'] } })).toEqual([
      'authority.keys.1: must refer to at least 32 characters',
      'authority.keys.2: refers to env:NO, which is missing or empty',
    ]);
  });
});

describe('a role of the authority', () => {
  const withRole = (role: object) => faultsOf({ authority: { keys: ['env:LONG'], roles: { demo: role } } });

  it('has a trust policy, limits, and policies of their grammars', () => {
    const iam = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    const cam = { version: '2.0', statement: [{ effect: 'allow', action: '*', resource: '*' }] };
    expect(
      withRole({ trust: ['ci', 'role:demo', '*'], policies: { iam, cam }, maxSessionDurationSeconds: 900 }),
    ).toEqual([]);
    expect(withRole({ trust: [], policies: { iam: cam } })).toHaveLength(1);
    expect(withRole({ trust: ['role:', 'a b'] })).toHaveLength(2);
    expect(withRole({})).toEqual(['authority.roles.demo.trust: is missing']);
    for (const maxSessionDurationSeconds of [899, 43_201, 900.5, Number.NaN]) {
      expect(withRole({ trust: [], maxSessionDurationSeconds })).toHaveLength(1);
    }
  });

  it('is not taken for one without policies by a function that was built without the grammar of its own', () => {
    const cam = { version: '2.0', statement: [{ effect: 'deny', action: '*', resource: '*' }] };
    const roles = { demo: { trust: ['ci'], policies: { cam } } };
    const validation = validate({ authority: { keys: ['env:LONG'], roles } }, upstreams);
    if ('faults' in validation) throw new Error(validation.faults.join());
    const { authority } = configOf(validation.written, { folder: '/nowhere', environment }, [awsUpstream]);
    expect(authority?.roles[0]?.policies).toEqual({ cam: [] });
  });
});
