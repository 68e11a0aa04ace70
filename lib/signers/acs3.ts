import type { AccessKey } from '../core/credentials.ts';
import type { HttpHeaders, HttpRequest } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import { secondText } from '../wire/instant.ts';
import { readTimestamp } from './acs-rpc.ts';
import { authorizationParts } from './authorization.ts';
import { canonicalQuery, headerValue } from './canonical.ts';
import { derivedKey, hmacHex, keyOf, sameSignature, sha256Hex } from './digest.ts';
import type { HmacKey } from './hmac.ts';

// ACS3-HMAC-SHA256 of Alibaba Cloud, in the order of its page:
// https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature

export const algorithm = 'ACS3-HMAC-SHA256';

/** The parts of a request that a signature covers, besides its body. */
export type Signed = Pick<HttpRequest, 'method' | 'path' | 'query' | 'headers' | 'host'>;

/** Step 1: everything that is signed, in one agreed spelling. */
export const canonicalRequest = (request: Signed, signedHeaders: readonly string[], payloadHash: string): string => {
  let headers = '';
  for (const name of signedHeaders) headers += `${name}:${headerValue(request, name).trim()}\n`;
  return `${request.method}\n${request.path}\n${canonicalQuery(request.query)}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`;
};

/** Step 2. It has neither a date nor a scope: the signed `x-acs-date` is the date. */
export const stringToSign = (canonical: string): string => `${algorithm}\n${sha256Hex(canonical)}`;

/** The key that a secret is: nothing is derived from it. Made once. */
const signingKey = (secret: Secret): HmacKey => derivedKey(secret, ['acs3'], () => keyOf(secret.reveal()));

/** Step 3. */
export const signature = (secret: Secret, text: string): string => hmacHex(signingKey(secret), text);

/** Which headers a signature must cover: the host, the type of a body, and everything that is Alibaba's own. */
const isSigned = (name: string): boolean => name === 'content-type' || name.startsWith('x-acs-');

/** Step 4: the request with its date, nonce and hash, its token if the key is temporary, and its Authorization header. */
export const sign = (
  request: HttpRequest,
  key: AccessKey,
  how: { readonly now: Date; readonly nonce: number },
): HttpRequest => {
  const payloadHash = sha256Hex(request.body);
  const headers: HttpHeaders = {
    ...request.headers,
    'x-acs-date': `${secondText(how.now)}Z`,
    'x-acs-signature-nonce': String(how.nonce),
    'x-acs-content-sha256': payloadHash,
    ...(key.token === undefined ? {} : { 'x-acs-accesskey-id': key.id, 'x-acs-security-token': key.token.reveal() }),
  };
  const names = ['host', ...Object.keys(headers).filter(isSigned)].sort();
  const proof = signature(key.secret, stringToSign(canonicalRequest({ ...request, headers }, names, payloadHash)));
  const authorization = `${algorithm} Credential=${key.id},SignedHeaders=${names.join(';')},Signature=${proof}`;
  return { ...request, headers: { ...headers, authorization } };
};

/** A signature as a request carries it, read and not yet believed. */
export interface Acs3Proof {
  readonly accessKeyId: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly signedAt: Date;
  readonly nonce: string;
  readonly sessionToken?: string;
}

/** Whether the request offers a signature of this family at all, good or bad. */
export const offersAcs3 = (request: Pick<HttpRequest, 'headers'>): boolean =>
  request.headers['authorization']?.startsWith('ACS3-') === true;

/**
 * The signature that a request offers; `undefined` if a part is missing, malformed, or contradicts another, and if it
 * leaves out a header that it must cover: whoever carries the request could change that one.
 */
export const readAcs3 = (request: Pick<HttpRequest, 'headers'>): Acs3Proof | undefined => {
  const { headers } = request;
  const parts = authorizationParts<Record<'id' | 'list' | 'signature', string>>(
    request,
    /^ACS3-HMAC-SHA256\s+Credential=(?<id>[^,\s]+)\s*,\s*SignedHeaders=(?<list>[a-z\d;-]+)\s*,\s*Signature=(?<signature>[\da-f]{64})$/,
  );
  const signedAt = readTimestamp(headers['x-acs-date'] ?? '');
  const nonce = headers['x-acs-signature-nonce'] ?? '';
  if (parts === undefined || signedAt === undefined || nonce === '') return undefined;
  const signedHeaders = parts.list.split(';');
  const mustBe = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-acs-'))];
  if (!mustBe.every((name) => signedHeaders.includes(name))) return undefined;
  const named = headers['x-acs-accesskey-id'];
  if (named !== undefined && named !== parts.id) return undefined;
  const token = headers['x-acs-security-token'] ?? '';
  return {
    accessKeyId: parts.id,
    signedHeaders,
    signature: parts.signature,
    signedAt,
    nonce,
    ...(token === '' ? {} : { sessionToken: token }),
  };
};

/**
 * Whether the secret made this signature over this request. The payload hash is taken from the body received; a signed
 * `x-acs-content-sha256` that differs from it is a false signature.
 */
export const verifyAcs3 = (request: HttpRequest, proof: Acs3Proof, secret: Secret): boolean => {
  const hashed = sha256Hex(request.body);
  if ((request.headers['x-acs-content-sha256'] ?? hashed) !== hashed) return false;
  const expected = signature(secret, stringToSign(canonicalRequest(request, proof.signedHeaders, hashed)));
  return sameSignature(expected, proof.signature);
};
