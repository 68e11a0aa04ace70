import { omitUndefined } from '../../core/omit-undefined.ts';
import type { Environment } from '../../identity/environment.ts';
import { awsIdentityIn } from '../../identity/find-aws.ts';
import { tencentIdentityIn } from '../../identity/find-tencent.ts';
import type { RuntimeIdentity } from '../../identity/runtime-identity.ts';

/** Systems Manager and Secrets Manager of AWS, and whose credentials they are called with. */
export interface AwsSecrets {
  readonly source: RuntimeIdentity;
  readonly region: string;
  readonly ssm?: URL;
  readonly secretsManager?: URL;
}

/** Secrets Manager of Tencent Cloud, and whose credentials it is called with. */
export interface TencentSecrets {
  readonly source: RuntimeIdentity;
  readonly region: string;
  readonly endpoint: URL;
}

/** The clouds' own places for secrets that this process can read. */
export interface SecretSources {
  readonly aws?: AwsSecrets;
  readonly tencent?: TencentSecrets;
}

const urlOf = (text: string | undefined): URL | undefined =>
  text !== undefined && URL.canParse(text) ? new URL(text) : undefined;

/** The places for secrets that the environment names, by the variables that the vendors' own tools read. */
export const secretSources = (environment: Environment): SecretSources =>
  omitUndefined({ aws: awsSecrets(environment), tencent: tencentSecrets(environment) });

const awsSecrets = (environment: Environment): AwsSecrets | undefined => {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_SSM, AWS_ENDPOINT_URL_SECRETS_MANAGER } = environment;
  const source = awsIdentityIn(environment);
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  if (source === undefined || region === undefined) return undefined;
  return omitUndefined({
    source,
    region,
    ssm: urlOf(AWS_ENDPOINT_URL_SSM),
    secretsManager: urlOf(AWS_ENDPOINT_URL_SECRETS_MANAGER),
  });
};

const tencentSecrets = (environment: Environment): TencentSecrets | undefined => {
  const source = tencentIdentityIn(environment);
  return (
    source && {
      source,
      region: environment['TENCENTCLOUD_REGION'] ?? 'ap-guangzhou',
      endpoint: urlOf(environment['TENCENTCLOUD_SSM_ENDPOINT']) ?? new URL('https://ssm.tencentcloudapi.com'),
    }
  );
};
