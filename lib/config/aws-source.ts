import type { AwsSource } from '../aws/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import { isLoopbackHost } from '../transport/addresses.ts';
import type { Environment } from './references/environment.ts';

/** The endpoints of ECS and EKS on the machine itself; from any other, plain http would show the keys to the network. */
const linkLocal = new Set(['169.254.170.2', '169.254.170.23', '[fd00:ec2::23]']);

const secretOf = (text: string | undefined): Secret | undefined =>
  text === undefined || text === '' ? undefined : new Secret(text);

/** Where the platform says that the credentials of this process's own role are; undefined if it says nothing. */
export const awsOf = (environment: Environment): AwsSource | undefined => {
  const {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secretText,
    AWS_SESSION_TOKEN: token,
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: fullUrl,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: authorizationToken,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
  } = environment;
  const secret = secretOf(secretText);
  if (id !== undefined && secret !== undefined) return { key: omitUndefined({ id, secret, token: secretOf(token) }) };
  const text = path === undefined ? fullUrl : `http://169.254.170.2${path}`;
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const local = isLoopbackHost(url.hostname) || linkLocal.has(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) return undefined;
  return omitUndefined({ url, token: secretOf(authorizationToken), tokenFile });
};
