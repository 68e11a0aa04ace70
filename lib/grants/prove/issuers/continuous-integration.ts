import {
  digits,
  hexadecimal,
  type IssuerGrammar,
  oneOf,
  path,
  refName,
  registered,
  slug,
  some,
  text,
  uuid,
} from './grammar.ts';

/**
 * https://docs.gitlab.com/ci/secrets/id_token_authentication/. A project's merge requests run on its branches; one from
 * a fork names the fork since https://gitlab.com/gitlab-org/gitlab/-/work_items/563038.
 */
export const gitlab: IssuerGrammar = {
  kinds: (['branch', 'tag'] as const).map((kind) => ({
    name: `a ${kind}`,
    shape: [
      text('project_path:', 'sub'),
      some(path, 'sub', 'project_path', 'namespace_path'),
      text('/', 'sub', 'project_path'),
      some(slug, 'sub', 'project_path'),
      text(`:ref_type:${kind}:ref:`, 'sub'),
      text(kind, 'ref_type'),
      text(kind === 'branch' ? 'refs/heads/' : 'refs/tags/', 'ref_path'),
      some(refName, 'sub', 'ref', 'ref_path'),
      oneOf(['true', 'false'], 'ref_protected'),
      oneOf(
        ['push', 'web', 'schedule', 'api', 'trigger', 'pipeline', 'merge_request_event', 'external_pull_request_event'],
        'pipeline_source',
      ),
      some(digits, 'project_id'),
      some(digits, 'namespace_id'),
      some(hexadecimal, 'sha'),
    ],
  })),
  texts: [
    ...registered,
    'user_id',
    'user_login',
    'user_email',
    'user_access_level',
    'pipeline_id',
    'job_id',
    'environment',
    'environment_protected',
    'deployment_tier',
    'environment_action',
    'runner_id',
    'runner_environment',
    'project_visibility',
    'ci_config_ref_uri',
    'ci_config_sha',
    'job_namespace_id',
    'job_namespace_path',
    'job_project_id',
    'job_project_path',
  ],
  lists: ['groups_direct', 'user_identities'],
  isOpen: false,
  hasAudiences: true,
  organisation: 'namespace_path',
  environment: 'environment',
  risks: [
    {
      code: 'pull-request',
      why: 'pipelines of merge requests, which run what the merge request says',
      claims: { pipeline_source: ['merge_request_event', 'external_pull_request_event'] },
    },
    {
      code: 'unprotected',
      why: 'branches and tags that are not protected, to which any developer of the project can push',
      claims: { ref_protected: ['false'] },
    },
  ],
};

/** https://buildkite.com/docs/agent/cli/reference/oidc: the subject of a job, and the claims that may be asked for. */
export const buildkite: IssuerGrammar = {
  kinds: [
    {
      name: 'a job',
      shape: [
        text('organization:', 'sub'),
        some(slug, 'sub', 'organization_slug'),
        text(':pipeline:', 'sub'),
        some(slug, 'sub', 'pipeline_slug'),
        text(':ref:', 'sub'),
        oneOf(['refs/heads/', 'refs/tags/'], 'sub'),
        some(refName, 'sub', 'build_branch'),
        text(':commit:', 'sub'),
        some(hexadecimal, 'sub', 'build_commit'),
        text(':step:', 'sub'),
        { ...some(slug, 'sub', 'step_key'), mayBeEmpty: true },
        some(digits, 'build_number'),
        some(uuid, 'job_id'),
        some(uuid, 'agent_id'),
      ],
    },
  ],
  texts: [
    ...registered,
    'organization_id',
    'pipeline_id',
    'build_tag',
    'build_source',
    'runner_environment',
    'cluster_id',
    'cluster_name',
    'queue_id',
    'queue_key',
  ],
  lists: [],
  isOpen: false,
  hasAudiences: false,
  organisation: 'organization_slug',
  risks: [],
};

/** https://circleci.com/docs/guides/permissions-authentication/openid-connect-tokens/, both versions of the token. */
export const circleci: IssuerGrammar = {
  kinds: [false, true].map((hasOrigin) => ({
    name: hasOrigin ? 'a job (CIRCLE_OIDC_TOKEN_V2)' : 'a job (CIRCLE_OIDC_TOKEN)',
    shape: [
      text('org/', 'sub'),
      some(uuid, 'sub'),
      text('/project/', 'sub'),
      some(uuid, 'sub', 'oidc.circleci.com/project-id'),
      text('/user/', 'sub'),
      some(uuid, 'sub'),
      ...(hasOrigin
        ? [
            text('/vcs-origin/', 'sub'),
            some(path, 'sub', 'oidc.circleci.com/vcs-origin'),
            text('/vcs-ref/', 'sub'),
            oneOf(['refs/heads/', 'refs/tags/', 'refs/pull/'], 'sub', 'oidc.circleci.com/vcs-ref'),
            some(refName, 'sub', 'oidc.circleci.com/vcs-ref'),
          ]
        : []),
      oneOf(['true', 'false'], 'oidc.circleci.com/ssh-rerun'),
    ],
  })),
  texts: [...registered, 'oidc.circleci.com/org-id', 'oidc.circleci.com/vcs-origin', 'oidc.circleci.com/vcs-ref'],
  lists: ['oidc.circleci.com/context-ids'],
  isOpen: false,
  hasAudiences: false,
  risks: [
    {
      code: 'pull-request',
      why: 'jobs of pull requests, which run what the pull request says',
      claims: { 'oidc.circleci.com/vcs-ref': ['refs/pull/**'] },
    },
    {
      code: 'unprotected',
      why: 'jobs that were run again over SSH, by the hand of a person',
      claims: { 'oidc.circleci.com/ssh-rerun': ['true'] },
    },
  ],
};
