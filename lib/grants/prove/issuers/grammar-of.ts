import { buildkite, circleci, gitlab } from './continuous-integration.ts';
import { github, githubIssuer } from './github.ts';
import { anyLetter, type IssuerGrammar, some } from './grammar.ts';
import { bitbucket, terraform } from './terraform-bitbucket.ts';
import { azureV1, azureV2, cognito, google, kubernetes, okta, spiffe } from './workloads.ts';

/** Tokens of which nothing is known but that they have a subject. */
export const anyToken: IssuerGrammar = {
  kinds: [{ name: 'a token', shape: [some(anyLetter, 'sub')] }],
  texts: [],
  lists: [],
  isOpen: true,
  hasAudiences: true,
  risks: [],
};

const presets: Readonly<Record<string, IssuerGrammar>> = {
  'github-actions': github,
  gitlab,
  kubernetes,
  spiffe,
  cognito,
  okta,
};

/** Issuers whose address says whose they are. */
const issuers: readonly (readonly [RegExp, IssuerGrammar])[] = [
  [githubIssuer, github],
  [/^https:\/\/gitlab\.com$/, gitlab],
  [/^https:\/\/agent\.buildkite\.com$/, buildkite],
  [/^https:\/\/oidc\.circleci\.com\/org\/[0-9a-f-]+$/, circleci],
  [/^https:\/\/app\.terraform\.io$/, terraform],
  [/^https:\/\/api\.bitbucket\.org\/2\.0\/workspaces\/[^/]+\/pipelines-config\/identity\/oidc$/, bitbucket],
  [/^https:\/\/(accounts\.google\.com)$/, google],
  [/^https:\/\/sts\.windows\.net\/[0-9a-f-]+\/$/, azureV1],
  [/^https:\/\/login\.microsoftonline\.(com|us)\/[0-9a-f-]+\/v2\.0$/, azureV2],
  [/^https:\/\/login\.partner\.microsoftonline\.cn\/[0-9a-f-]+\/v2\.0$/, azureV2],
  [/^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[A-Za-z0-9_-]+$/, cognito],
  [/^https:\/\/[a-z0-9-]+\.(okta|oktapreview|okta-emea)\.com(\/oauth2\/[A-Za-z0-9]+)?$/, okta],
  [
    /^https:\/\/(kubernetes\.default\.svc(\.cluster\.local)?|oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/id\/[0-9A-F]+)$/,
    kubernetes,
  ],
  [/^https:\/\/container\.googleapis\.com\/v1\/projects\/[^/]+\/locations\/[^/]+\/clusters\/[^/]+$/, kubernetes],
];

/** How an issuer writes its tokens, by the preset of the configuration or its address; any text if neither is known. */
export const grammarOf = (issuer: string, preset?: string): IssuerGrammar =>
  (preset === undefined || !Object.hasOwn(presets, preset) ? undefined : presets[preset]) ??
  issuers.find(([form]) => form.test(issuer))?.[1] ??
  anyToken;
