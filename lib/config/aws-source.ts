import type { AwsSource } from '../aws/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import type { ConfigContext } from './references/local.ts';

/** Where ECS and EKS have their endpoints; any other that speaks plain http would be asked for keys in the open. */
const besideUs = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|169\.254\.170\.(2|23)|\[fd00:ec2::23\])$/;

const secretOf = (text: string | undefined): Secret | undefined =>
  text === undefined || text === '' ? undefined : new Secret(text);

/** Where the platform says that the credentials of this process's own role are; `undefined` where it says nothing. */
export const awsOf = (environment: ConfigContext['environment']): AwsSource | undefined => {
  const {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secretText,
    AWS_SESSION_TOKEN: token,
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: path,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: whole,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: shown,
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
  } = environment;
  const secret = secretOf(secretText);
  if (id !== undefined && secret !== undefined) return { key: omitUndefined({ id, secret, token: secretOf(token) }) };
  const text = path === undefined ? whole : `http://169.254.170.2${path}`;
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && besideUs.test(url.hostname))) return undefined;
  return omitUndefined({ url, token: secretOf(shown), tokenFile });
};
