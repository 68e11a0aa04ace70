import type { JwtAlgorithm } from '../../../auth/jwt/rule.ts';

/** What is known of an issuer beforehand. What the configuration says itself goes before it. */
export interface Preset {
  readonly issuer?: string;
  /** What its issuers look like, where they are many. */
  readonly form?: { readonly pattern: RegExp; readonly example: string };
  readonly algorithms: readonly JwtAlgorithm[];
  readonly claims?: Readonly<Record<string, readonly string[]>>;
}

const cognitoForm = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[A-Za-z0-9_-]+$/;

/** docs/callers.md has an example of each. */
export const presets = {
  // https://docs.github.com/en/actions/concepts/security/openid-connect
  'github-actions': { issuer: 'https://token.actions.githubusercontent.com', algorithms: ['RS256'] },
  // https://docs.gitlab.com/ci/secrets/id_token_authentication/; another issuer where GitLab is one's own.
  gitlab: { issuer: 'https://gitlab.com', algorithms: ['RS256'] },
  // https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/; the API server signs by
  // either, as its key is.
  kubernetes: { algorithms: ['ES256', 'RS256'], claims: { sub: ['system:serviceaccount:*:*'] } },
  // https://github.com/spiffe/spiffe/blob/main/standards/JWT-SVID.md, 2.1
  spiffe: {
    algorithms: ['ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512', 'RS256', 'RS384', 'RS512'],
    claims: { sub: ['spiffe://**'] },
  },
  // https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
  // An access token of Cognito names no audience, so it cannot be had for another's by an id token's rule.
  cognito: {
    form: { pattern: cognitoForm, example: 'https://cognito-idp.REGION.amazonaws.com/POOL' },
    algorithms: ['RS256'],
    claims: { token_use: ['id'] },
  },
  // https://developer.okta.com/docs/guides/validate-access-tokens/
  okta: { algorithms: ['RS256'] },
} as const satisfies Record<string, Preset>;
