import type { AccessKey } from '../core/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import { isLoopbackHost } from '../transport/addresses.ts';
import type { Environment } from './environment.ts';
import type { RuntimeIdentity } from './runtime-identity.ts';

/** The endpoints of ECS, EKS and EC2 on the machine itself; from others, plain http would show keys to the network. */
const linkLocal = new Set(['169.254.170.2', '169.254.170.23', '169.254.169.254', '[fd00:ec2::23]', '[fd00:ec2::254]']);

const textOf = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

const keyIn = (environment: Environment): AccessKey | undefined => {
  const [id, secret, token] = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'].map((name) =>
    textOf(environment[name]),
  );
  if (id === undefined || secret === undefined) return undefined;
  return omitUndefined({
    id,
    secret: new Secret(secret),
    token: token === undefined ? undefined : new Secret(token),
  });
};

/** The URL of a text if keys may be fetched there. */
const localUrl = (text: string | undefined): URL | undefined => {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const local = isLoopbackHost(url.hostname) || linkLocal.has(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && local) ? url : undefined;
};

const webIdentityIn = (environment: Environment): RuntimeIdentity | undefined => {
  const tokenFile = textOf(environment['AWS_WEB_IDENTITY_TOKEN_FILE']);
  const role = textOf(environment['AWS_ROLE_ARN']);
  if (tokenFile === undefined || role === undefined) return undefined;
  const region = textOf(environment['AWS_REGION']) ?? textOf(environment['AWS_DEFAULT_REGION']);
  const host = region === undefined ? 'sts.amazonaws.com' : `sts.${region}.amazonaws.com`;
  const usual = `https://${host}${region?.startsWith('cn-') ? '.cn' : ''}`;
  return omitUndefined({
    kind: 'webIdentity' as const,
    cloud: 'aws' as const,
    tokenFile,
    role,
    sessionName: textOf(environment['AWS_ROLE_SESSION_NAME']) ?? 'credmint',
    region,
    endpoint: localUrl(environment['AWS_ENDPOINT_URL_STS']) ?? new URL(usual),
  });
};

const containerIn = (environment: Environment): RuntimeIdentity | undefined => {
  const path = textOf(environment['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']);
  const full = environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  const url = localUrl(path === undefined ? full : `http://169.254.170.2${path}`);
  if (url === undefined) return undefined;
  const token = textOf(environment['AWS_CONTAINER_AUTHORIZATION_TOKEN']);
  return omitUndefined({
    kind: 'container' as const,
    cloud: 'aws' as const,
    url,
    token: token === undefined ? undefined : new Secret(token),
    tokenFile: textOf(environment['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE']),
  });
};

/**
 * Where the environment says that the AWS credentials of this process are; undefined if it says nothing. In the order of
 * AWS's SDKs. https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
export const awsIdentityIn = (environment: Environment): RuntimeIdentity | undefined =>
  keyIn(environment) === undefined
    ? (webIdentityIn(environment) ?? containerIn(environment))
    : { kind: 'environment', cloud: 'aws', read: () => keyIn(environment) };

/**
 * The same, and if the environment says nothing the metadata of the machine, unless the environment forbids that.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
 */
export const awsRuntimeIn = (environment: Environment): RuntimeIdentity | undefined => {
  const said = awsIdentityIn(environment);
  if (said !== undefined || environment['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return said;
  const isIpv6 = environment['AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE']?.toLowerCase() === 'ipv6';
  const usual = isIpv6 ? 'http://[fd00:ec2::254]' : 'http://169.254.169.254';
  const endpoint = localUrl(textOf(environment['AWS_EC2_METADATA_SERVICE_ENDPOINT']) ?? usual);
  return endpoint && { kind: 'instance', cloud: 'aws', endpoint };
};
