import { parse } from 'valibot';
import { describe, expect, it } from 'vitest';
import { upstreams } from '../../lib/clouds/catalog.ts';
import { configSchema } from '../../lib/config/schema.ts';
import { describeGrant } from '../../lib/diagnostics/describe.ts';
import { lint } from '../../lib/diagnostics/lint.ts';

const config = (grant: object) =>
  parse(configSchema, {
    accounts: { prod: { cloud: 'aws', endpoint: 'https://sts.example.test/', key: { id: 'A', secret: 'env:S' } } },
    callers: {
      ci: {
        jwt: { issuer: 'https://token.actions.githubusercontent.com', audience: 'credmint', jwks: 'file:jwks.json' },
      },
    },
    grants: [
      { name: 'deploy', callers: ['ci'], account: 'prod', operations: ['AssumeRole'], roles: ['role'], ...grant },
    ],
  });

const warned = (grant: object) => lint(config(grant), upstreams).map(({ why }) => why);

describe('the linter of a configuration', () => {
  it.each([
    ['a bare wildcard', { claims: { sub: '*' } }, 'admits every value'],
    ['a wildcard in the organisation', { claims: { repository: 'ac*/x' } }, 'more than one organisation'],
    [
      'a wildcard before the organisation',
      { claims: { sub: 'repo:*/x:ref:refs/heads/main' } },
      'more than one organisation',
    ],
    ['any event of a repository', { claims: { sub: 'repo:acme/x:*' } }, 'pull requests'],
    ['any event of an organisation', { claims: { sub: 'repo:acme/**' } }, 'pull requests'],
    ['no claims at all', {}, 'every token of the issuer'],
    ['every role', { claims: { sub: 'repo:acme/x:ref:refs/heads/main' }, roles: ['**'] }, 'every role'],
    [
      'a policy that no mint can use',
      { claims: { event_name: 'push' }, policy: { Version: '2012-10-17', Statement: [{ Effect: 'allow' }] } },
      'cannot be minted with: The Effect must be Allow or Deny.',
    ],
    ['audit mode', { claims: { sub: 'repo:acme/x:ref:refs/heads/main' }, mode: 'audit' }, 'not enforced'],
  ])('warns of %s', (_, grant, why) => {
    expect(warned(grant).join('\n')).toContain(why);
  });

  it.each([
    ['a branch', { claims: { sub: 'repo:acme/x:ref:refs/heads/main' } }],
    ['an environment', { claims: { sub: 'repo:acme/*:environment:production' } }],
    ['any subject of one event', { claims: { sub: 'repo:acme/x:*', event_name: 'push' } }],
  ])('has nothing to say of %s', (_, grant) => {
    expect(warned(grant)).toEqual([]);
  });
});

describe('a grant in words', () => {
  it('says who may have what, when, and how', () => {
    const { grants, accounts } = config({
      claims: { sub: ['a', 'b'] },
      sourceIps: ['10.0.0.0/8'],
      maxDurationSeconds: 900,
    });
    expect(describeGrant(grants[0] as never, accounts)).toBe(
      'ci may have AssumeRole of role in the account prod (aws), when its claim sub is a or b and it comes from 10.0.0.0/8, for at most 900 seconds.',
    );
  });
});
