import { describe, expect, it } from 'vitest';
import { lint } from '../../../lib/diagnostics/prove/lint.ts';
import { lintText } from '../../../lib/diagnostics/prove/report.ts';
import { proveDeps, writtenConfig } from '../../support/prove.ts';

const audience = 'https://credmint.example';
const jwt = { preset: 'github-actions', audience };
const role = 'arn:aws:iam::123456789012:role/deploy';
const plain = { callers: ['ci'], account: 'prod', operations: ['AssumeRole'], roles: [role] };

const configOf = (callers: object, ...grants: readonly object[]) =>
  writtenConfig({
    accounts: { prod: { cloud: 'aws', endpoint: 'https://sts.example.test/', key: { id: 'A', secret: 'env:S' } } },
    callers,
    grants: grants.map((grant, index) => ({ name: `grant-${index}`, ...plain, ...grant })),
  });

const warningsOf = (callers: object, ...grants: readonly object[]) => lint(configOf(callers, ...grants), proveDeps);
const codesOf = (grant: object, claims: object = {}) =>
  warningsOf({ ci: { jwt: { ...jwt, claims } } }, grant).map(({ code }) => code);

/** Pushes to one branch of one repository, whenever it was created. */
const narrow = { repository: 'acme/site', ref: 'refs/heads/main', event_name: 'push' };

describe('the linter', () => {
  it.each([
    ['a branch of a repository, by its claims', narrow],
    [
      'the same by a subject of either form',
      { ...narrow, sub: ['repo:acme/site:*', 'repo:acme@1/site@2:*', 'repo:acme/site:**', 'repo:acme@1/site@2:**'] },
    ],
  ])('has nothing to say of %s', (_, claims) => {
    expect(codesOf({ claims })).toEqual([]);
    expect(codesOf({}, claims)).toEqual([]);
  });

  it('warns of a policy that no mint can use', () => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'allow', Action: 's3:GetObject', Resource: '*' }] };
    expect(warningsOf({ ci: { jwt } }, { claims: narrow, policy })).toMatchObject([
      { code: 'policy', path: 'grants.0.policy', why: 'cannot be minted with: The Effect must be Allow or Deny.' },
    ]);
  });

  it.each([
    ['a bare wildcard', { sub: '**' }, 'wildcard'],
    ['a wildcard that every owner fits', { repository_owner: '*' }, 'wildcard'],
    ['no claims', {}, 'wildcard'],
    ['a wildcard in the organisation', { repository: 'ac*/x' }, 'organisations'],
    ['a wildcard that pull requests fit', { sub: 'repo:acme/w*b:pull_*' }, 'pull-request'],
    ['any subject of a repository', { sub: 'repo:acme/site:**' }, 'pull-request'],
    ['a branch, whatever started the workflow', { repository: 'acme/site', ref: 'refs/heads/main' }, 'fork'],
    ['any environment', { sub: 'repo:acme/site:environment:*' }, 'unprotected'],
    ['a subject without ids', { sub: 'repo:acme/site:ref:refs/heads/main' }, 'recent-repositories'],
  ])('warns of %s, be it asked of the caller or by the grant', (_, claims, code) => {
    expect(codesOf({ claims })).toContain(code);
    expect(codesOf({}, claims)).toContain(code);
  });

  it('shows each by a token that could exist', () => {
    const [warning] = warningsOf({ ci: { jwt } }, { claims: { sub: 'repo:acme/w*b:pull_*' } }).filter(
      ({ code }) => code === 'pull-request',
    );

    expect(warning?.witness?.claims).toMatchObject({
      sub: 'repo:acme/wb:pull_request',
      repository: 'acme/wb',
      event_name: 'pull_request',
    });
  });

  it('tells which grant can never be used, and which is taken by those before it', () => {
    const warnings = warningsOf(
      { ci: { jwt } },
      { claims: narrow },
      { claims: { ...narrow, repository_owner: 'other' } },
      { claims: { ...narrow, actor: 'alice' } },
    );

    expect(warnings.map(({ code, path }) => [code, path])).toEqual([
      ['dead', 'grants.1'],
      ['shadowed', 'grants.2'],
    ]);
  });

  it('tells which callers one token can fit, with the token', () => {
    const [warning] = warningsOf({
      ci: { jwt: { ...jwt, claims: { repository: 'acme/*' } } },
      site: { jwt: { ...jwt, claims: { repository: '*/site' } } },
    });

    expect(warning).toMatchObject({ code: 'ambiguous', path: 'callers.site.jwt' });
    expect(warning?.witness?.claims).toMatchObject({ repository: 'acme/site' });
    // The token alone: no request is shown where none is asked.
    expect(lintText(warning === undefined ? [] : [warning])).toMatch(/\n {2}a token of .+: a branch\n {2}\{.+\}\n$/);
  });

  it('tells many apart by how their patterns begin and end, and so has an answer soon', () => {
    const names = Array.from({ length: 60 }, (_, index) => `acme/service-${index}`);
    const callers = Object.fromEntries(
      names.map((repository, index) => [`ci-${index}`, { jwt: { ...jwt, claims: { repository } } }]),
    );
    const { repository: _, ...branch } = narrow;
    const ofCallers = names.map((__, index) => ({ callers: [`ci-${index}`], claims: branch }));
    expect(warningsOf(callers, ...ofCallers)).toEqual([]);
    const byEnd = names.map((_, index) => ({ claims: { ...narrow, repository: `acme/*-${index}` } }));
    expect(warningsOf({ ci: { jwt } }, ...byEnd)).toEqual([]);
  });

  it('warns of every role, and of audit mode', () => {
    expect(codesOf({ claims: narrow, roles: ['**'] })).toEqual(['wildcard']);
    expect(codesOf({ claims: narrow, mode: 'audit' })).toContain('audit');
  });
});
