import type { Secret } from '../../core/secret.ts';

/** Where an agent is, and what it is asked with. */
export interface AgentPlace {
  readonly port: number;
  readonly token: Secret;
  /** A private file that holds the token, if readers shall find it there each time. */
  readonly tokenFile?: string;
  /** Whether metadata services are served. */
  readonly metadata: boolean;
}

/** The environment variables by which SDKs find an agent. */
export const agentVariables = ({ port, token, tokenFile, metadata }: AgentPlace): Record<string, string> => {
  const url = `http://127.0.0.1:${port}`;
  return {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/aws`,
    ...(tokenFile === undefined
      ? { AWS_CONTAINER_AUTHORIZATION_TOKEN: token.reveal() }
      : { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile }),
    ALIBABA_CLOUD_CREDENTIALS_URI: `${url}/${token.reveal()}/alibaba`,
    // Alibaba's SDKs ask its command line's profile and the machine's metadata before the URI.
    ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true',
    ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
    CREDMINT_AGENT_COS: `${url}/${token.reveal()}/cos`,
    ...(metadata
      ? { AWS_EC2_METADATA_SERVICE_ENDPOINT: `${url}/`, AWS_EC2_METADATA_V1_DISABLED: 'true' }
      : { AWS_EC2_METADATA_DISABLED: 'true' }),
  };
};

/** Variables that hold credentials or lead to them, and would win over the agent. */
export const hidingVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_PROFILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_ROLE_ARN',
  'ALIBABA_CLOUD_ACCESS_KEY_ID',
  'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  'ALIBABA_CLOUD_SECURITY_TOKEN',
  'ALIBABA_CLOUD_ROLE_ARN',
  'ALIBABA_CLOUD_OIDC_PROVIDER_ARN',
  'ALIBABA_CLOUD_OIDC_TOKEN_FILE',
  'ALIBABA_CLOUD_CREDENTIALS_FILE',
] as const;
