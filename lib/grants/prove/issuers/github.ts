import type { ClaimPart, TokenShape } from '../shape.ts';
import {
  digits,
  hexadecimal,
  type IssuerGrammar,
  label,
  oneOf,
  refName,
  registered,
  slug,
  some,
  type TokenKind,
  text,
} from './grammar.ts';

// https://docs.github.com/en/actions/reference/security/oidc
// https://docs.github.com/en/actions/concepts/security/openid-connect, with the immutable subjects that repositories
// have which were created or renamed on 2026-07-15 or later.

/** https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows */
const branchEvents = [
  'push',
  'workflow_dispatch',
  'schedule',
  'pull_request_target',
  'workflow_run',
  'issue_comment',
  'issues',
  'release',
  'repository_dispatch',
  'create',
  'delete',
  'deployment',
  'deployment_status',
  'discussion',
  'discussion_comment',
  'fork',
  'gollum',
  'label',
  'milestone',
  'page_build',
  'public',
  'registry_package',
  'status',
  'watch',
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'merge_group',
];
const tagEvents = ['push', 'release', 'workflow_dispatch', 'create', 'deployment', 'deployment_status'];

interface Source {
  readonly name: string;
  /** What stands in `sub` of a job without an environment; the parts of `ref` besides. */
  context(inSubject: boolean): TokenShape;
}

const branch: Source = {
  name: 'a branch',
  context: (inSubject) => [
    ...(inSubject ? [text(':ref:', 'sub')] : []),
    text('refs/heads/', ...(inSubject ? ['sub'] : []), 'ref', 'workflow_ref'),
    some(refName, ...(inSubject ? ['sub'] : []), 'ref', 'workflow_ref'),
    text('branch', 'ref_type'),
    oneOf(branchEvents, 'event_name'),
  ],
};
const tag: Source = {
  name: 'a tag',
  context: (inSubject) => [
    ...(inSubject ? [text(':ref:', 'sub')] : []),
    text('refs/tags/', ...(inSubject ? ['sub'] : []), 'ref', 'workflow_ref'),
    some(refName, ...(inSubject ? ['sub'] : []), 'ref', 'workflow_ref'),
    text('tag', 'ref_type'),
    oneOf(tagEvents, 'event_name'),
  ],
};
const merge = (...claims: readonly string[]): readonly ClaimPart[] => [
  text('refs/pull/', 'ref', 'workflow_ref', ...claims),
  some(digits, 'ref', 'workflow_ref', ...claims),
  text('/merge', 'ref', 'workflow_ref', ...claims),
  text('branch', 'ref_type'),
  some(refName, 'base_ref'),
  some(refName, 'head_ref'),
];
const pullRequest: Source = {
  name: 'a pull request',
  context: (inSubject) => [
    ...(inSubject ? [text(':pull_request', 'sub')] : []),
    ...merge(),
    text('pull_request', 'event_name'),
  ],
};
const review: Source = {
  name: 'a review of a pull request',
  context: (inSubject) => [
    ...(inSubject ? [text(':ref:', 'sub')] : []),
    ...merge(...(inSubject ? ['sub'] : [])),
    oneOf(['pull_request_review', 'pull_request_review_comment'], 'event_name'),
  ],
};

/** `ORGANISATION/REPOSITORY`, with its ids in subjects that are immutable. */
const repository = (isImmutable: boolean): TokenShape =>
  isImmutable
    ? [
        text('repo:', 'sub'),
        some(slug, 'sub', 'repository', 'repository_owner', 'workflow_ref'),
        text('@', 'sub'),
        some(digits, 'sub', 'repository_owner_id'),
        text('/', 'sub', 'repository', 'workflow_ref'),
        some(slug, 'sub', 'repository', 'workflow_ref'),
        text('@', 'sub'),
        some(digits, 'sub', 'repository_id'),
      ]
    : [
        text('repo:', 'sub'),
        some(slug, 'sub', 'repository', 'repository_owner', 'workflow_ref'),
        text('/', 'sub', 'repository', 'workflow_ref'),
        some(slug, 'sub', 'repository', 'workflow_ref'),
        some(digits, 'repository_owner_id'),
        some(digits, 'repository_id'),
      ];

const workflow: TokenShape = [
  text('/.github/workflows/', 'workflow_ref'),
  some(slug, 'workflow_ref'),
  text('@', 'workflow_ref'),
];

/** The workflow that has the job: a reusable one may be of any repository. */
const jobWorkflow = (...claims: readonly string[]): TokenShape => [
  some(slug, 'job_workflow_ref', ...claims),
  text('/', 'job_workflow_ref', ...claims),
  some(slug, 'job_workflow_ref', ...claims),
  text('/.github/workflows/', 'job_workflow_ref', ...claims),
  some(slug, 'job_workflow_ref', ...claims),
  text('@', 'job_workflow_ref', ...claims),
  some(refName, 'job_workflow_ref', ...claims),
];

const common: TokenShape = [
  some(hexadecimal, 'sha'),
  some(slug, 'actor'),
  some(digits, 'actor_id'),
  some(digits, 'run_id'),
  some(digits, 'run_number'),
  some(digits, 'run_attempt'),
  oneOf(['private', 'public', 'internal'], 'repository_visibility'),
  oneOf(['github-hosted', 'self-hosted'], 'runner_environment'),
  oneOf(['true', 'false'], 'ref_protected'),
  some(label, 'workflow'),
  some(hexadecimal, 'workflow_sha', 'job_workflow_sha'),
];

const kindsOf = (source: Source, isImmutable: boolean): readonly TokenKind[] => {
  const since = isImmutable ? ' of a repository created or renamed since 2026-07-15' : '';
  const environment = [text(':environment:', 'sub'), some(label, 'sub', 'environment')];
  const head = [...repository(isImmutable), ...workflow];
  const after = [text(':job_workflow_ref:', 'sub'), ...jobWorkflow('sub')];
  const kinds: readonly TokenKind[] = [
    { name: `${source.name}${since}`, shape: [...head, ...source.context(true), ...jobWorkflow(), ...common] },
    {
      name: `${source.name} in an environment${since}`,
      shape: [...head, ...environment, ...source.context(false), ...jobWorkflow(), ...common],
    },
    // `include_claim_keys`: repo, context, job_workflow_ref, as the vendor's page shows it.
    {
      name: `${source.name}${since}, whose subject names the reusable workflow`,
      shape: [...head, ...source.context(true), ...after, ...common],
    },
    {
      name: `${source.name} in an environment${since}, whose subject names the reusable workflow`,
      shape: [...head, ...environment, ...source.context(false), ...after, ...common],
    },
  ];
  return isImmutable
    ? kinds.map((kind) => ({ ...kind, newOnly: 'a repository created or renamed since 2026-07-15' }))
    : kinds;
};

/** Tokens of GitHub Actions: github.com, an enterprise's own issuer, or a server's. */
export const github: IssuerGrammar = {
  kinds: [false, true].flatMap((isImmutable) =>
    [branch, tag, pullRequest, review].flatMap((source) => kindsOf(source, isImmutable)),
  ),
  texts: [...registered, 'enterprise', 'enterprise_id', 'check_run_id'],
  lists: [],
  isOpen: false,
  hasAudiences: false,
  organisation: 'repository_owner',
  environment: 'environment',
  risks: [
    {
      code: 'pull-request',
      why: 'workflows of pull requests, which run what the pull request says',
      claims: { event_name: ['pull_request', 'pull_request_review', 'pull_request_review_comment'] },
    },
    {
      code: 'fork',
      why: 'workflows of pull_request_target, which a pull request of any fork starts with a token of the base branch',
      claims: { event_name: ['pull_request_target'] },
    },
  ],
};

/** `https://token.actions.githubusercontent.com`, with an enterprise's name behind it, or a server's. */
export const githubIssuer =
  /^https:\/\/(token\.actions\.githubusercontent\.com(\/[^/]+)?|token\.actions\.[^/]+\.ghe\.com|[^/]+\/_services\/token)$/;
