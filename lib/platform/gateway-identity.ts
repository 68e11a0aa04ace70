import { omitUndefined } from '../core/omit-undefined.ts';
import type { AuthorizerClaims, Gateway, PlatformIdentity } from '../core/platform-identity.ts';
import { isObject } from '../wire/json.ts';

/** What an authorizer said of the caller, without members that are null; undefined if it said nothing. */
export const authorizerClaims = (
  kind: AuthorizerClaims['kind'],
  claims: unknown,
  sub?: string,
): AuthorizerClaims | undefined => {
  if (!isObject(claims)) return undefined;
  const known = Object.entries(claims).filter(([, value]) => value !== null && value !== undefined);
  return { kind, claims: { ...Object.fromEntries(known), ...omitUndefined({ sub }) } };
};

/** What a gateway found out about the caller, as a member of a request; nothing if it found out nothing. */
export const gatewayIdentity = (
  gateway: Gateway | undefined,
  authorizer: AuthorizerClaims | undefined,
  pem?: string,
): { readonly platform?: PlatformIdentity } => {
  if (gateway === undefined || (authorizer === undefined && pem === undefined)) return {};
  // A gateway refuses certificates whose chain does not lead to its trust store.
  const certificate = pem === undefined ? undefined : { pem, by: 'gateway' as const, trusted: true };
  return { platform: omitUndefined({ gateway, authorizer, certificate }) };
};
