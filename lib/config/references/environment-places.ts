import { omitUndefined } from '../../core/omit-undefined.ts';
import { Secret } from '../../core/secret.ts';
import { awsOf } from '../aws-source.ts';
import type { ConfigContext } from './local.ts';
import type { ReferencePlaces } from './places.ts';

const urlOf = (text: string | undefined): URL | undefined =>
  text !== undefined && URL.canParse(text) ? new URL(text) : undefined;

/** Where the platform says that secrets are kept for this process, by the variables that its own tools read. */
export const referencePlaces = (environment: ConfigContext['environment']): ReferencePlaces => {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_SSM, AWS_ENDPOINT_URL_SECRETS_MANAGER } = environment;
  const source = awsOf(environment);
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  // SCF has the keys of the function's role under the first names, Tencent's tools have any under the others.
  const id = environment['TENCENTCLOUD_SECRETID'] ?? environment['TENCENTCLOUD_SECRET_ID'];
  const secret = environment['TENCENTCLOUD_SECRETKEY'] ?? environment['TENCENTCLOUD_SECRET_KEY'];
  const token = environment['TENCENTCLOUD_SESSIONTOKEN'] ?? environment['TENCENTCLOUD_TOKEN'];
  return omitUndefined({
    aws:
      source === undefined || region === undefined
        ? undefined
        : omitUndefined({
            source,
            region,
            ssm: urlOf(AWS_ENDPOINT_URL_SSM),
            secretsManager: urlOf(AWS_ENDPOINT_URL_SECRETS_MANAGER),
          }),
    tencent:
      !id || !secret
        ? undefined
        : {
            key: omitUndefined({ id, secret: new Secret(secret), token: token ? new Secret(token) : undefined }),
            region: environment['TENCENTCLOUD_REGION'] ?? 'ap-guangzhou',
            endpoint: urlOf(environment['TENCENTCLOUD_SSM_ENDPOINT']) ?? new URL('https://ssm.tencentcloudapi.com'),
          },
  });
};
