import type { AwsSource } from '../../aws/credentials.ts';
import type { AccessKey } from '../../core/credentials.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { awsOf } from '../aws-source.ts';
import type { Environment } from './environment.ts';

/** Systems Manager and Secrets Manager of AWS, and whose credentials they are called with. */
export interface AwsSecrets {
  readonly source: AwsSource;
  readonly region: string;
  readonly ssm?: URL;
  readonly secretsManager?: URL;
}

/** Secrets Manager of Tencent Cloud, and the key that it is called with. */
export interface TencentSecrets {
  readonly key: AccessKey;
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
  const source = awsOf(environment);
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
  // SCF has the keys of the function's role under the first names; Tencent's tools read the second ones.
  const id = environment['TENCENTCLOUD_SECRETID'] ?? environment['TENCENTCLOUD_SECRET_ID'];
  const secret = environment['TENCENTCLOUD_SECRETKEY'] ?? environment['TENCENTCLOUD_SECRET_KEY'];
  const token = environment['TENCENTCLOUD_SESSIONTOKEN'] ?? environment['TENCENTCLOUD_TOKEN'];
  if (!id || !secret) return undefined;
  return {
    key: omitUndefined({ id, secret: new Secret(secret), token: token ? new Secret(token) : undefined }),
    region: environment['TENCENTCLOUD_REGION'] ?? 'ap-guangzhou',
    endpoint: urlOf(environment['TENCENTCLOUD_SSM_ENDPOINT']) ?? new URL('https://ssm.tencentcloudapi.com'),
  };
};
