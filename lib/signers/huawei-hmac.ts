import { hkdfSync } from 'node:crypto';
import type { AccessKey } from '../core/credentials.ts';
import type { HttpHeaders, HttpRequest } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import { escapeText, unescapeText } from '../wire/query.ts';
import { authorizationParts } from './authorization.ts';
import { canonicalQuery, headerValue } from './canonical.ts';
import { derivedKey, hmacHex, keyOf, sameSignature, sha256Hex } from './digest.ts';
import type { HmacKey } from './hmac.ts';
import { readTime, timeText } from './sigv4.ts';

// SDK-HMAC-SHA256 and V11-HMAC-SHA256 of Huawei Cloud, in the order of its page:
// https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html and AKSKSigner, DerivedAKSKSigner of
// its SDKs.

export type Algorithm = 'SDK-HMAC-SHA256' | 'V11-HMAC-SHA256';

const unsignedPayload = 'UNSIGNED-PAYLOAD';

/** What a derived key is good for. */
export interface Scope {
  /** `YYYYMMDD` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

const scopeText = (scope: Scope): string => `${scope.date}/${scope.region}/${scope.service}`;

/** The parts of a request that a signature covers, besides its body. */
export type Signed = Pick<HttpRequest, 'method' | 'path' | 'query' | 'headers' | 'host'>;

/** The path with each segment escaped, and with a `/` at its end that does not travel. */
const canonicalPath = (path: string): string => {
  const escaped = path
    .split('/')
    .map((segment) => escapeText(unescapeText(segment) ?? segment))
    .join('/');
  return escaped.endsWith('/') ? escaped : `${escaped}/`;
};

/** Step 1: everything that is signed, in one agreed spelling. */
export const canonicalRequest = (request: Signed, signedHeaders: readonly string[], payloadHash: string): string => {
  let headers = '';
  for (const name of signedHeaders) headers += `${name}:${headerValue(request, name).trim()}\n`;
  return `${request.method}\n${canonicalPath(request.path)}\n${canonicalQuery(request.query)}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`;
};

/** The last line of step 1. If the sender leaves the body unsigned and says so, those words stand there. */
export const payloadHash = ({ headers, body }: Pick<HttpRequest, 'headers' | 'body'>): string =>
  headers['x-sdk-content-sha256'] === unsignedPayload ? unsignedPayload : sha256Hex(body);

/** Step 2. `time` is `YYYYMMDDTHHMMSSZ`; a scope stands there only if the key is derived. */
export const stringToSign = (time: string, scope: Scope | undefined, canonical: string): string =>
  scope === undefined
    ? `SDK-HMAC-SHA256\n${time}\n${sha256Hex(canonical)}`
    : `V11-HMAC-SHA256\n${time}\n${scopeText(scope)}\n${sha256Hex(canonical)}`;

/** Step 3: the secret itself, or the hex text of what HKDF (RFC 5869) derives from it and the key's id. Made once. */
export const signingKey = ({ id, secret }: Pick<AccessKey, 'id' | 'secret'>, scope: Scope | undefined): HmacKey =>
  scope === undefined
    ? derivedKey(secret, ['huawei'], () => keyOf(secret.reveal()))
    : derivedKey(secret, ['huawei-v11', id, scope.date, scope.region, scope.service], () =>
        keyOf(Buffer.from(hkdfSync('sha256', secret.reveal(), id, scopeText(scope), 32)).toString('hex')),
      );

/** Step 4. */
export const signature = (key: HmacKey, text: string): string => hmacHex(key, text);

/** Step 5: the request with its date, its token and its Authorization header. A derived key is used if a scope is given. */
export const sign = (
  request: HttpRequest,
  key: AccessKey,
  how: { readonly now: Date; readonly derived?: Pick<Scope, 'region' | 'service'> },
): HttpRequest => {
  const time = timeText(how.now);
  const scope = how.derived === undefined ? undefined : { date: time.slice(0, 8), ...how.derived };
  const headers: HttpHeaders = {
    ...request.headers,
    'x-sdk-date': time,
    ...(key.token === undefined ? {} : { 'x-security-token': key.token.reveal() }),
  };
  const names = [
    'host',
    ...Object.keys(headers).filter((name) => name === 'content-type' || name.startsWith('x-')),
  ].sort();
  const canonical = canonicalRequest({ ...request, headers }, names, payloadHash({ ...request, headers }));
  const proof = signature(signingKey(key, scope), stringToSign(time, scope, canonical));
  const who =
    scope === undefined
      ? `SDK-HMAC-SHA256 Access=${key.id}`
      : `V11-HMAC-SHA256 Credential=${key.id}/${scopeText(scope)}`;
  const authorization = `${who}, SignedHeaders=${names.join(';')}, Signature=${proof}`;
  return { ...request, headers: { ...headers, authorization } };
};

/** A signature as a request carries it, read and not yet believed. */
export interface HuaweiProof {
  readonly accessKeyId: string;
  /** Only of V11. */
  readonly scope?: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly time: string;
  readonly signedAt: Date;
  readonly sessionToken?: string;
}

/** Whether the request offers a signature of this family at all, good or bad. */
export const offersHuawei = (request: Pick<HttpRequest, 'headers'>): boolean =>
  /^(SDK|V11)-HMAC-/.test(request.headers['authorization'] ?? '');

/** The Authorization, taken apart: of SDK-HMAC-SHA256, or of V11-HMAC-SHA256. */
type Written = Record<'list' | 'signature', string> &
  ({ readonly id: string; readonly derivedId?: never } | (Scope & { readonly derivedId: string }));

/**
 * The signature that a request offers; `undefined` if a part is missing, malformed, or contradicts another, if a header
 * that says something about the call is not signed, and if there is a body and it is not signed.
 */
export const readHuawei = (request: Pick<HttpRequest, 'headers' | 'body'>): HuaweiProof | undefined => {
  const { headers, body } = request;
  const parts = authorizationParts<Written>(
    request,
    /^(?:SDK-HMAC-SHA256\s+Access=(?<id>[^/,\s]+)|V11-HMAC-SHA256\s+Credential=(?<derivedId>[^/,\s]+)\/(?<date>\d{8})\/(?<region>[^/,\s]+)\/(?<service>[^/,\s]+))\s*,\s*SignedHeaders=(?<list>[a-z\d;_-]+)\s*,\s*Signature=(?<signature>[\da-f]{64})$/,
  );
  const time = headers['x-sdk-date'] ?? '';
  const signedAt = readTime(time);
  if (parts === undefined || signedAt === undefined) return undefined;
  const { derivedId } = parts;
  const scope =
    derivedId === undefined ? undefined : { date: parts.date, region: parts.region, service: parts.service };
  const signedHeaders = parts.list.split(';');
  const mustBe = ['x-sdk-date', 'x-security-token', 'x-sdk-content-sha256'].filter(
    (name) => headers[name] !== undefined,
  );
  if (!['host', ...mustBe].every((name) => signedHeaders.includes(name))) return undefined;
  if (headers['x-sdk-content-sha256'] === unsignedPayload && body !== '') return undefined;
  if (scope !== undefined && scope.date !== time.slice(0, 8)) return undefined;
  const token = headers['x-security-token'] ?? '';
  return {
    accessKeyId: derivedId ?? parts.id,
    ...(scope === undefined ? {} : { scope }),
    signedHeaders,
    signature: parts.signature,
    time,
    signedAt,
    ...(token === '' ? {} : { sessionToken: token }),
  };
};

/**
 * Whether the secret made this signature over this request. The payload hash is taken from the body received; a signed
 * `x-sdk-content-sha256` that differs from it is a false signature.
 */
export const verifyHuawei = (request: HttpRequest, proof: HuaweiProof, secret: Secret): boolean => {
  const hashed = payloadHash(request);
  if ((request.headers['x-sdk-content-sha256'] ?? hashed) !== hashed) return false;
  const canonical = canonicalRequest(request, proof.signedHeaders, hashed);
  const key = signingKey({ id: proof.accessKeyId, secret }, proof.scope);
  return sameSignature(signature(key, stringToSign(proof.time, proof.scope, canonical)), proof.signature);
};
