import { describe, expect, it } from 'vitest';
import { grammarOf } from '../../../lib/grants/prove/issuers/grammar-of.ts';
import { exactly, union } from '../../../lib/grants/prove/language.ts';
import { tokenIn } from '../../../lib/grants/prove/token.ts';

const search = (issuer: string, claims: Readonly<Record<string, readonly string[]>>) =>
  tokenIn(
    grammarOf(issuer),
    new Map(
      Object.entries(claims).map(([name, texts]) => {
        const some = texts.map((text) => (text.includes('*') ? union([text]) : exactly([text])));
        return [name, { kind: 'members' as const, some, never: [] }];
      }),
    ),
  );

const github = 'https://token.actions.githubusercontent.com';

describe('the grammars of issuers', () => {
  it.each([
    [github, 'repo:octo-org/octo-repo:environment:Production', { environment: 'Production' }],
    [github, 'repo:octocat@123456/my-repo@456789:ref:refs/heads/main', { repository: 'octocat/my-repo' }],
    [`${github}/acme-inc`, 'repo:octo-org/octo-repo:pull_request', { event_name: 'pull_request' }],
    [github, 'repo:octo-org/octo-repo:ref:refs/tags/v1', { ref_type: 'tag' }],
    [
      github,
      'repo:octo-org/octo-repo:environment:prod:job_workflow_ref:octo-org/auto/.github/workflows/oidc.yml@refs/heads/main',
      { job_workflow_ref: 'octo-org/auto/.github/workflows/oidc.yml@refs/heads/main' },
    ],
    [
      'https://gitlab.com',
      'project_path:mygroup/sub/my-project:ref_type:branch:ref:main',
      { ref_path: 'refs/heads/main' },
    ],
    [
      'https://agent.buildkite.com',
      'organization:acme-inc:pipeline:super-duper-app:ref:refs/heads/main:commit:9f3182061f1e2cca4702c368cbc039b7dc9d4485:step:build',
      { organization_slug: 'acme-inc' },
    ],
    [
      'https://oidc.circleci.com/org/3b0',
      'org/3b0/project/9f1/user/7c2/vcs-origin/github.com/acme/site/vcs-ref/refs/heads/main',
      { 'oidc.circleci.com/project-id': '9f1' },
    ],
    [
      'https://app.terraform.io',
      'organization:acme:project:Default Project:workspace:site:run_phase:apply',
      { terraform_run_phase: 'apply' },
    ],
    [
      'https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc',
      '{92c1}:{aa11}:{0e5f}',
      { deploymentEnvironmentUuid: '{aa11}' },
    ],
    [
      'https://kubernetes.default.svc.cluster.local',
      'system:serviceaccount:ci:deploy',
      { '/kubernetes.io/namespace': 'ci' },
    ],
    ['https://accounts.google.com', '106182347123456789012', { email_verified: 'true' }],
    ['https://sts.windows.net/72f988bf/', 'AbC_-1', { ver: '1.0' }],
    ['https://login.microsoftonline.com/72f988bf/v2.0', 'AbC_-1', { ver: '2.0' }],
    ['https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example', 'aaaa-bbbb', { token_use: 'id' }],
    ['https://acme.okta.com/oauth2/default', '00u1', { groups: 'a' }],
  ])('know what %s writes: %s', (issuer, sub, claims) => {
    const wanted = Object.fromEntries(Object.entries(claims).map(([name, text]) => [name, [text]]));
    expect(search(issuer, { sub: [sub], ...wanted })).toMatchObject({ kind: 'found' });
  });

  it.each([
    ['a repository that is not the subject’s', { sub: ['repo:acme/site:**'], repository: ['acme/other'] }],
    ['a pull request that is a push', { sub: ['repo:acme/site:pull_request'], event_name: ['push'] }],
    ['a subject of another kind', { sub: ['project_path:acme/site:**'] }],
    ['an environment that the subject lacks', { sub: ['repo:acme/site:ref:**'], environment: ['production'] }],
    ['a claim that GitHub does not write', { team: ['a'] }],
  ])('know no token of GitHub with %s', (_, claims) => {
    expect(search(github, claims)).toEqual({ kind: 'none' });
  });

  it('take any text for a token of an issuer that is not known, and a list if one text will not do', () => {
    expect(search('https://issuer.example', { groups: ['a', 'b'] })).toMatchObject({ kind: 'found' });
    expect(search('https://issuer.example', { sub: ['a', 'b'] })).toEqual({ kind: 'none' });
  });

  it('are found by the name of the preset, or by the address', () => {
    const gitlab = grammarOf('https://gitlab.com');
    expect(grammarOf('https://gitlab.example', 'gitlab')).toBe(gitlab);
    expect(grammarOf('https://gitlab.com', 'github-actions')).toBe(grammarOf(github));
    expect(grammarOf('https://gitlab.com', 'constructor')).toBe(gitlab);
    expect(grammarOf('https://gitlab.com', 'other')).toBe(gitlab);
    const any = grammarOf('https://issuer.example');
    expect(any).not.toBe(gitlab);
    expect(grammarOf('https://gitlab.com.example')).toBe(any);
    expect(grammarOf('https://issuer.example/https://gitlab.com', 'other')).toBe(any);
  });

  it('say that they do not know which instant a claim may be', () => {
    expect(search('https://issuer.example', { exp: ['1*'] })).toEqual({
      kind: 'unknown',
      why: 'the claim exp: an instant is not searched for',
    });
  });
});
