import { omitUndefined } from '../core/omit-undefined.ts';
import type { AuthorizerClaims, Gateway, PlatformIdentity } from '../core/platform-identity.ts';
import { isObject } from '../wire/json.ts';
import { textOf } from './event-text.ts';

type Event = Record<string, unknown>;

const at = (value: unknown, ...path: readonly string[]): unknown => {
  let found = value;
  for (const name of path) found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return found;
};

/** What an authorizer said, without the members that say nothing. */
const said = (kind: AuthorizerClaims['kind'], claims: unknown, sub?: string): AuthorizerClaims | undefined => {
  if (!isObject(claims)) return undefined;
  const known = Object.entries(claims).filter(([, value]) => value !== null && value !== undefined);
  return { kind, claims: { ...Object.fromEntries(known), ...omitUndefined({ sub }) } };
};

const platform = (
  gateway: Gateway | undefined,
  authorizer: AuthorizerClaims | undefined,
  pem: string | undefined,
): { readonly platform?: PlatformIdentity } => {
  if (gateway === undefined || (authorizer === undefined && pem === undefined)) return {};
  // The gateway lets nobody in whose chain it has not followed to its trust store.
  const certificate = pem === undefined ? undefined : { pem, by: 'gateway' as const, trusted: true };
  return { platform: omitUndefined({ gateway, authorizer, certificate }) };
};

const awsGateway = (event: Event): Gateway | undefined => {
  const id = textOf(event, 'requestContext', 'apiId');
  return id === undefined
    ? undefined
    : { platform: 'aws', id, ...omitUndefined({ account: textOf(event, 'requestContext', 'accountId') }) };
};

/**
 * What a REST API of AWS found out: the claims of a Cognito authorizer, the context of a Lambda authorizer, who signed
 * by IAM, and the certificate of mutual TLS.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export const identityByRestApi = (event: Event): { readonly platform?: PlatformIdentity } => {
  const authorizer = at(event, 'requestContext', 'authorizer');
  const signer = textOf(event, 'requestContext', 'identity', 'userArn');
  const { userArn, accountId, accessKey, user, caller, cognitoIdentityId } = (at(event, 'requestContext', 'identity') ??
    {}) as Event;
  const found = isObject(at(authorizer, 'claims'))
    ? said('jwt', at(authorizer, 'claims'))
    : signer !== undefined
      ? said('iam', { userArn, accountId, accessKey, userId: user, callerId: caller, cognitoIdentityId }, signer)
      : said('lambda', authorizer, textOf(authorizer, 'principalId'));
  return platform(awsGateway(event), found, textOf(event, 'requestContext', 'identity', 'clientCert', 'clientCertPem'));
};

/**
 * What an HTTP API of AWS or a function URL found out.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export const identityByHttpApi = (event: Event): { readonly platform?: PlatformIdentity } => {
  const authorizer = at(event, 'requestContext', 'authorizer');
  const found =
    said('jwt', at(authorizer, 'jwt', 'claims')) ??
    said('iam', at(authorizer, 'iam'), textOf(authorizer, 'iam', 'userArn')) ??
    said('lambda', at(authorizer, 'lambda'));
  return platform(
    awsGateway(event),
    found,
    textOf(event, 'requestContext', 'authentication', 'clientCert', 'clientCertPem'),
  );
};

/**
 * Whose key of Tencent's API gateway a request was signed with.
 * https://cloud.tencent.com/document/product/583/12513
 */
export const identityByTencent = (event: Event): { readonly platform?: PlatformIdentity } => {
  const id = textOf(event, 'requestContext', 'serviceId');
  const secretId = textOf(event, 'requestContext', 'identity', 'secretId');
  const gateway: Gateway | undefined = id === undefined ? undefined : { platform: 'tencent', id };
  return platform(gateway, secretId === undefined ? undefined : said('key', { secretId }, secretId), undefined);
};
