import type { AccessKey } from '../core/credentials.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { Secret } from '../core/secret.ts';
import { isLoopbackHost, isMetadataHost } from '../transport/addresses.ts';
import type { Environment } from './environment.ts';
import type { RuntimeIdentity } from './runtime-identity.ts';

/** By the first variables SCF gives the key of the function's role; Tencent's tools read the others. */
const keyIn = (environment: Environment): AccessKey | undefined => {
  const id = environment['TENCENTCLOUD_SECRETID'] ?? environment['TENCENTCLOUD_SECRET_ID'];
  const secret = environment['TENCENTCLOUD_SECRETKEY'] ?? environment['TENCENTCLOUD_SECRET_KEY'];
  const token = environment['TENCENTCLOUD_SESSIONTOKEN'] ?? environment['TENCENTCLOUD_TOKEN'];
  if (!id || !secret) return undefined;
  return omitUndefined({ id, secret: new Secret(secret), token: token ? new Secret(token) : undefined });
};

/** The URL of a text, or else the usual one: in plain text only at a host that is safe. */
const urlOf = (text: string | undefined, usual: string, isSafe: (host: string) => boolean): URL => {
  const url = new URL(text !== undefined && URL.canParse(text) ? text : usual);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isSafe(url.hostname)) ? url : new URL(usual);
};

/** The variables of TKE, as the vendor's own SDKs read them (`DefaultTkeOIDCRoleArnProvider`). */
const webIdentityIn = (environment: Environment): RuntimeIdentity | undefined => {
  const { TKE_REGION, TKE_PROVIDER_ID, TKE_WEB_IDENTITY_TOKEN_FILE, TKE_ROLE_ARN } = environment;
  if (!TKE_PROVIDER_ID || !TKE_WEB_IDENTITY_TOKEN_FILE || !TKE_ROLE_ARN) return undefined;
  return omitUndefined({
    kind: 'webIdentity' as const,
    cloud: 'tencent' as const,
    tokenFile: TKE_WEB_IDENTITY_TOKEN_FILE,
    role: TKE_ROLE_ARN,
    sessionName: 'credmint',
    providerId: TKE_PROVIDER_ID,
    region: TKE_REGION || undefined,
    endpoint: urlOf(environment['TENCENTCLOUD_STS_ENDPOINT'], 'https://sts.tencentcloudapi.com', isLoopbackHost),
  });
};

/** Where the environment says that the Tencent Cloud credentials of this process are; undefined if it says nothing. */
export const tencentIdentityIn = (environment: Environment): RuntimeIdentity | undefined =>
  keyIn(environment) === undefined
    ? webIdentityIn(environment)
    : { kind: 'environment', cloud: 'tencent', read: () => keyIn(environment) };

/**
 * The same, and if the environment says nothing the metadata of the machine. Its name means an address of the machine's
 * own network, inside Tencent Cloud alone. https://cloud.tencent.com/document/product/213/4934
 */
export const tencentRuntimeIn = (environment: Environment): RuntimeIdentity =>
  tencentIdentityIn(environment) ?? {
    kind: 'instance',
    cloud: 'tencent',
    endpoint: urlOf(
      environment['TENCENTCLOUD_METADATA_ENDPOINT'],
      'http://metadata.tencentyun.com',
      (host) => isLoopbackHost(host) || isMetadataHost(host),
    ),
  };
