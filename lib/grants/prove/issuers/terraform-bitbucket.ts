import { type IssuerGrammar, label, oneOf, refName, registered, slug, some, text, uuid } from './grammar.ts';

/** https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens */
export const terraform: IssuerGrammar = {
  kinds: [
    {
      name: 'a run of a workspace',
      shape: [
        text('organization:', 'sub'),
        some(slug, 'sub', 'terraform_organization_name'),
        text(':project:', 'sub'),
        some(label, 'sub', 'terraform_project_name'),
        text(':workspace:', 'sub'),
        some(slug, 'sub', 'terraform_workspace_name', 'terraform_full_workspace'),
        text(':run_phase:', 'sub'),
        oneOf(['plan', 'apply'], 'sub', 'terraform_run_phase'),
        some(slug, 'terraform_run_id'),
        some(slug, 'terraform_organization_id'),
        some(slug, 'terraform_project_id'),
        some(slug, 'terraform_workspace_id'),
      ],
    },
    {
      name: 'an operation of a stack',
      shape: [
        text('organization:', 'sub'),
        some(slug, 'sub', 'terraform_organization_name'),
        text(':project:', 'sub'),
        some(label, 'sub', 'terraform_project_name'),
        text(':stack:', 'sub'),
        some(slug, 'sub', 'terraform_stack_name'),
        text(':deployment:', 'sub'),
        some(slug, 'sub', 'terraform_stack_deployment_name'),
        text(':operation:', 'sub'),
        oneOf(['plan', 'apply'], 'sub', 'terraform_operation'),
      ],
    },
  ],
  texts: [...registered],
  lists: [],
  isOpen: false,
  hasAudiences: true,
  organisation: 'terraform_organization_name',
  risks: [
    {
      code: 'pull-request',
      why: 'plans, which run for every pull request before anybody has reviewed it',
      claims: { terraform_run_phase: ['plan'] },
    },
  ],
};

/** https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/ */
export const bitbucket: IssuerGrammar = {
  kinds: [false, true].map((hasEnvironment) => ({
    name: hasEnvironment ? 'a step of a deployment' : 'a step',
    shape: [
      text('{', 'sub', 'repositoryUuid'),
      some(uuid, 'sub', 'repositoryUuid'),
      text('}', 'sub', 'repositoryUuid'),
      ...(hasEnvironment
        ? [
            text(':', 'sub'),
            text('{', 'sub', 'deploymentEnvironmentUuid'),
            some(uuid, 'sub', 'deploymentEnvironmentUuid'),
            text('}', 'sub', 'deploymentEnvironmentUuid'),
          ]
        : []),
      text(':', 'sub'),
      text('{', 'sub', 'stepUuid'),
      some(uuid, 'sub', 'stepUuid'),
      text('}', 'sub', 'stepUuid'),
      some(refName, 'branchName'),
      text('{', 'pipelineUuid'),
      some(uuid, 'pipelineUuid'),
      text('}', 'pipelineUuid'),
      text('{', 'workspaceUuid'),
      some(uuid, 'workspaceUuid'),
      text('}', 'workspaceUuid'),
    ],
  })),
  texts: [...registered],
  lists: [],
  isOpen: false,
  hasAudiences: false,
  environment: 'deploymentEnvironmentUuid',
  risks: [],
};
