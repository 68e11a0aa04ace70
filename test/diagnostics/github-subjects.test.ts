import { describe, expect, it } from 'vitest';
import { githubNotes, githubSpellings } from '../../lib/diagnostics/github-subjects.ts';

// https://docs.github.com/en/actions/concepts/security/openid-connect: immutable subjects have ids behind the names.
describe('a pattern of the subjects of GitHub', () => {
  it.each([
    ['repo:acme/site:ref:refs/heads/main', 'names'],
    ['repo:acme@1/site@2:ref:refs/heads/main', 'ids'],
    ['repo:acme*/site*:ref:refs/heads/main', 'names and ids'],
    ['repo:acme/*:ref:refs/heads/main', 'names'],
    ['repo:acme@1/*:ref:refs/heads/main', 'ids'],
    ['system:serviceaccount:ci:deploy', undefined],
    ['team/*', undefined],
  ])('%s admits %s', (pattern, spellings) => {
    expect(githubSpellings(pattern)).toBe(spellings);
  });

  it('is noted if it is of the claim sub', () => {
    expect(githubNotes({ sub: ['repo:acme/site:ref:x'], repository: ['repo:acme/site'] })).toEqual([
      expect.stringContaining('by names alone'),
    ]);
    expect(githubNotes({})).toEqual([]);
  });
});
