import type { AccessKey } from '../core/credentials.ts';
import type { HttpHeaders, HttpRequest } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import { authorizationParts } from './authorization.ts';
import { canonicalQuery, headerValue } from './canonical.ts';
import { derivedKey, hmacHex, keyOf, nextKey, sameSignature, sha256Hex } from './digest.ts';
import type { HmacKey } from './hmac.ts';
import { readTime, type Scope, timeText } from './sigv4.ts';

// HMAC-SHA256 of Volcengine and BytePlus, in the order of its page: https://www.volcengine.com/docs/6369/67269
// It is built as SigV4 is, and differs in its words, in its key, and in what it leaves out.

const algorithm = 'HMAC-SHA256';

const scopeText = (scope: Scope): string => `${scope.date}/${scope.region}/${scope.service}/request`;

/** The parts of a request that a signature covers, besides its body. */
export type Signed = Pick<HttpRequest, 'method' | 'path' | 'query' | 'headers' | 'host'>;

/** Step 1: everything that is signed, in one agreed spelling. */
export const canonicalRequest = (request: Signed, signedHeaders: readonly string[], payloadHash: string): string => {
  let headers = '';
  for (const name of signedHeaders) headers += `${name}:${headerValue(request, name).replace(/\s+/g, ' ').trim()}\n`;
  return `${request.method}\n${request.path}\n${canonicalQuery(request.query)}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`;
};

/** Step 2. `time` is `YYYYMMDDTHHMMSSZ`. */
export const stringToSign = (time: string, scope: Scope, canonical: string): string =>
  `${algorithm}\n${time}\n${scopeText(scope)}\n${sha256Hex(canonical)}`;

/** Step 3: the key that signs on one day, for one region and service; nothing stands before the secret. Made once. */
export const signingKey = (secret: Secret, scope: Scope): HmacKey =>
  derivedKey(secret, ['volc', scope.date, scope.region, scope.service], () => {
    const dateKey = nextKey(keyOf(secret.reveal()), scope.date);
    return nextKey(nextKey(nextKey(dateKey, scope.region), scope.service), 'request');
  });

/** Step 4. */
export const signature = (key: HmacKey, text: string): string => hmacHex(key, text);

/** Step 5: the request with its date, its token, the hash of its body, and its Authorization header; the host signed. */
export const sign = (
  request: HttpRequest,
  key: AccessKey,
  how: { readonly now: Date; readonly region: string; readonly service: string },
): HttpRequest => {
  const time = timeText(how.now);
  const scope: Scope = { date: time.slice(0, 8), region: how.region, service: how.service };
  const payloadHash = sha256Hex(request.body);
  const headers: HttpHeaders = {
    ...request.headers,
    'x-date': time,
    ...(request.body === '' ? {} : { 'x-content-sha256': payloadHash }),
    ...(key.token === undefined ? {} : { 'x-security-token': key.token.reveal() }),
  };
  const names = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-'))].sort();
  const canonical = canonicalRequest({ ...request, headers }, names, payloadHash);
  const proof = signature(signingKey(key.secret, scope), stringToSign(time, scope, canonical));
  const authorization = `${algorithm} Credential=${key.id}/${scopeText(scope)}, SignedHeaders=${names.join(';')}, Signature=${proof}`;
  return { ...request, headers: { ...headers, authorization } };
};

/** A signature as a request carries it, read and not yet believed. */
export interface VolcProof {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly time: string;
  readonly signedAt: Date;
  readonly sessionToken?: string;
}

/** Whether the request offers a signature of this scheme at all, good or bad. */
export const offersVolc = (request: Pick<HttpRequest, 'headers'>): boolean =>
  request.headers['authorization']?.startsWith(`${algorithm} `) === true;

/**
 * The signature that a request offers; `undefined` if a part is missing, malformed, or contradicts another. Every header
 * that says something about the call must be signed. The host need not be: the vendor's older SDKs leave it out, see
 * SECURITY.md.
 */
export const readVolc = (request: Pick<HttpRequest, 'headers'>): VolcProof | undefined => {
  const { headers } = request;
  const parts = authorizationParts<Scope & Record<'id' | 'list' | 'signature', string>>(
    request,
    /^HMAC-SHA256\s+Credential=(?<id>[^/,\s]+)\/(?<date>\d{8})\/(?<region>[^/,\s]+)\/(?<service>[^/,\s]+)\/request\s*,\s*SignedHeaders=(?<list>[a-z\d;-]+)\s*,\s*Signature=(?<signature>[\da-f]{64})$/,
  );
  const time = headers['x-date'] ?? '';
  const signedAt = readTime(time);
  if (parts === undefined || signedAt === undefined) return undefined;
  const { id: accessKeyId, date, region, service, list, signature: proof } = parts;
  const signedHeaders = list.split(';');
  const mustBe = ['x-date', 'x-security-token', 'x-content-sha256'].filter((name) => headers[name] !== undefined);
  if (date !== time.slice(0, 8) || !mustBe.every((name) => signedHeaders.includes(name))) return undefined;
  const token = headers['x-security-token'] ?? '';
  return {
    accessKeyId,
    scope: { date, region, service },
    signedHeaders,
    signature: proof,
    time,
    signedAt,
    ...(token === '' ? {} : { sessionToken: token }),
  };
};

/**
 * Whether the secret made this signature over this request. The payload hash is taken from the body received; a signed
 * `x-content-sha256` that differs from it is a false signature.
 */
export const verifyVolc = (request: HttpRequest, proof: VolcProof, secret: Secret): boolean => {
  const hashed = sha256Hex(request.body);
  if ((request.headers['x-content-sha256'] ?? hashed) !== hashed) return false;
  const canonical = canonicalRequest(request, proof.signedHeaders, hashed);
  const expected = signature(signingKey(secret, proof.scope), stringToSign(proof.time, proof.scope, canonical));
  return sameSignature(expected, proof.signature);
};
