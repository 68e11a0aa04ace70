import { describe, expect, it } from 'vitest';
import { diff } from '../../../lib/diagnostics/prove/diff.ts';
import { proveDeps, writtenConfig } from '../../support/prove.ts';

const policy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } };

const byKey = { accessKey: { id: 'AKIDCI', secret: 'env:S' } };
const configOf = (grant: object, account: object = {}, ci: object = byKey) =>
  writtenConfig({
    accounts: {
      prod: { cloud: 'aws', endpoint: 'https://sts.example.test/', key: { id: 'A', secret: 'env:S' }, ...account },
    },
    callers: { ci },
    grants: [
      { name: 'deploy', callers: ['ci'], account: 'prod', operations: ['AssumeRole'], roles: ['role-a'], ...grant },
    ],
  });

const changed = (before: object, after: object) =>
  diff(configOf(before), configOf(after), proveDeps).admitted.map(({ kind, parts }) => [kind, ...parts]);

describe('the difference of two configurations', () => {
  it.each([
    ['a role', {}, { roles: ['role-*'] }, [['who']]],
    ['an operation', {}, { operations: ['AssumeRole', 'GetSessionToken'] }, [['who']]],
    ['addresses', { sourceIps: ['10.0.0.0/8'] }, { sourceIps: ['10.0.0.0/7'] }, [['who']]],
    ['times', { times: { days: ['Mon'] } }, { times: { days: ['Mon', 'Tue'] } }, [['who']]],
    ['a longer duration', { maxDurationSeconds: 900 }, { maxDurationSeconds: 1800 }, [['longer']]],
    ['a policy taken away', { policy }, {}, [['what', 'policy']]],
    ['tags of the caller', {}, { accepts: ['tags'] }, [['what', 'accepts tags']]],
    ['another external id', { externalId: 'env:ONE' }, { externalId: 'env:TWO' }, [['what', 'externalId']]],
  ])('tells of %s', (_, before, after, expected) => {
    expect(changed(before, after)).toEqual(expected);
  });

  it.each([
    ['a policy added', {}, { policy }],
    ['a narrower range', { sourceIps: ['10.0.0.0/8'] }, { sourceIps: ['10.1.0.0/16', '::ffff:10.2.0.0/112'] }],
    ['a shorter duration', {}, { maxDurationSeconds: 900 }],
    ['another order of roles', { roles: ['role-a', 'role-*'] }, { roles: ['role-*'] }],
  ])('admits nothing new by %s', (_, before, after) => {
    expect(changed(before, after)).toEqual([]);
  });

  it.each<[object, object, readonly (readonly string[])[]]>([
    [{ acr: ['high'] }, {}, [['who']]],
    [{}, { acr: ['high'] }, []],
    [{ acr: ['high'] }, { acr: ['high', 'low'] }, [['who']]],
    [{ acr: ['high', 'low'] }, { acr: ['low'] }, []],
    [{ amr: ['otp', 'pwd'] }, { amr: ['otp'] }, [['who']]],
    [{ amr: ['otp'] }, { amr: ['otp', 'pwd'] }, []],
  ])('tells how callers must have been authenticated: %j, then %j', (before, after, expected) => {
    const jwt = { issuer: 'https://issuer.example', audience: 'https://credmint.example', jwks: 'env:JWKS' };
    const [older, newer] = [before, after].map((grant) => configOf(grant, {}, { jwt }));
    const { admitted = [] } = older && newer ? diff(older, newer, proveDeps) : {};
    expect(admitted.map(({ kind, parts }) => [kind, ...parts])).toEqual(expected);
  });

  it('tells that an account of the same name is another', () => {
    const other = configOf({}, { endpoint: 'https://sts.other.test/' });
    const { admitted } = diff(configOf({}), other, proveDeps);
    expect(admitted.map(({ kind, parts }) => [kind, ...parts])).toEqual([['what', 'account']]);
  });
});
