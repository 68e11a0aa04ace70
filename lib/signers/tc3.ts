import type { AccessKey } from '../core/credentials.ts';
import type { HttpRequest } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import { dayText } from '../wire/instant.ts';
import { authorizationParts } from './authorization.ts';
import { headerValue } from './canonical.ts';
import { derivedKey, hmacHex, keyOf, nextKey, sameSignature, sha256Hex } from './digest.ts';
import type { HmacKey } from './hmac.ts';

// TC3-HMAC-SHA256 of Tencent Cloud API 3.0, in the order of the specification: "Signature v3",
// https://cloud.tencent.com/document/api/598/33158. It resembles SigV4 and differs in each step.

export const algorithm = 'TC3-HMAC-SHA256';
const emptyHash = sha256Hex('');
const unsignedPayload = 'UNSIGNED-PAYLOAD';
const unsignedHash = sha256Hex(unsignedPayload);

/** What the Credential of a signature says besides the secret id. */
export interface Scope {
  /** `YYYY-MM-DD`, in UTC, of the timestamp. */
  readonly date: string;
  /** The product: `sts`, or what the client took for it; the Node SDK says `127` of 127.0.0.1. */
  readonly service: string;
}

const scopeText = (scope: Scope): string => `${scope.date}/${scope.service}/tc3_request`;

/** The parts of a request that a signature covers. */
export type Signed = Pick<HttpRequest, 'method' | 'path' | 'query' | 'headers' | 'host'>;

/** Step 1: everything that is signed, in one agreed spelling. The query stays as it travels: unsorted, not re-escaped. */
export const canonicalRequest = (request: Signed, signedHeaders: readonly string[], payloadHash: string): string => {
  let headers = '';
  for (const name of signedHeaders) headers += `${name}:${headerValue(request, name).trim().toLowerCase()}\n`;
  return `${request.method}\n${request.path}\n${request.query}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`;
};

/** Whether the sender left the payload unsigned. */
export const payloadIsUnsigned = ({ headers }: Pick<HttpRequest, 'headers'>): boolean =>
  headers['x-tc-content-sha256'] === unsignedPayload;

/**
 * The last line of step 1. A sender may leave the payload unsigned, and says so in a header; what is hashed then are
 * those words, so that one cannot be passed off as the other.
 */
export const payloadHash = (request: Pick<HttpRequest, 'headers' | 'body'>): string =>
  payloadIsUnsigned(request) ? unsignedHash : request.body === '' ? emptyHash : sha256Hex(request.body);

/** Step 2. `timestamp` is in Unix seconds, the text of `X-TC-Timestamp`. */
export const stringToSign = (timestamp: string, scope: Scope, canonical: string): string =>
  `${algorithm}\n${timestamp}\n${scopeText(scope)}\n${sha256Hex(canonical)}`;

/** Step 3: the key that signs on one day, for one service. Made once for each. */
export const signingKey = (secret: Secret, scope: Scope): HmacKey =>
  derivedKey(secret, ['tc3', scope.date, scope.service], () => {
    const dateKey = nextKey(keyOf(`TC3${secret.reveal()}`), scope.date);
    return nextKey(nextKey(dateKey, scope.service), 'tc3_request');
  });

/** Step 4. */
export const signature = (key: HmacKey, text: string): string => hmacHex(key, text);

const dateOf = (instant: Date): string => dayText(instant, '-');

const usuallySigned = ['content-type', 'host', 'x-tc-action'] as const;

/**
 * Step 5: the request with its timestamp, its token if the key is temporary, and its Authorization header.
 * Signs the action too, unlike the SDKs, which leave it open to change on the way.
 *
 * @example
 * sign(request, { id: 'AKIDEXAMPLE', secret }, { now: new Date(), service: 'sts' });
 */
export const sign = (
  request: HttpRequest,
  key: AccessKey,
  how: { readonly now: Date; readonly service: string; readonly signedHeaders?: readonly string[] },
): HttpRequest => {
  const timestamp = String(Math.floor(how.now.getTime() / 1000));
  const scope: Scope = { date: dateOf(how.now), service: how.service };
  const headers: Record<string, string> = { ...request.headers, 'x-tc-timestamp': timestamp };
  if (key.token !== undefined) headers['x-tc-token'] = key.token.reveal();
  const { method, host, path, query } = request;
  const names = how.signedHeaders ?? usuallySigned;
  const canonical = canonicalRequest({ method, host, path, query, headers }, names, payloadHash(request));
  const proof = signature(signingKey(key.secret, scope), stringToSign(timestamp, scope, canonical));
  headers['authorization'] =
    `${algorithm} Credential=${key.id}/${scopeText(scope)}, SignedHeaders=${names.join(';')}, Signature=${proof}`;
  return { ...request, headers };
};

/** A signature as a request carries it, not verified yet. */
export interface Tc3Proof {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly timestamp: string;
  readonly signedAt: Date;
  /** From `X-TC-Token`, which the SDKs do not sign: it must prove itself. */
  readonly sessionToken?: string;
}

/** Whether the request offers a TC3 signature at all, good or bad. */
export const offersTc3 = (request: Pick<HttpRequest, 'headers'>): boolean =>
  request.headers['authorization']?.startsWith('TC3-') === true;

/** Returns the signature of a request, and undefined if a part is missing, malformed or contradicts another. */
export const readTc3 = (request: Pick<HttpRequest, 'headers'>): Tc3Proof | undefined => {
  const parts = authorizationParts<Scope & Record<'id' | 'list' | 'signature', string>>(
    request,
    /^TC3-HMAC-SHA256\s+Credential=(?<id>[^/,\s]+)\/(?<date>\d{4}-\d\d-\d\d)\/(?<service>[^/,\s]+)\/tc3_request\s*,\s*SignedHeaders=(?<list>[a-z\d;-]+)\s*,\s*Signature=(?<signature>[\da-f]{64})$/,
  );
  const timestamp = request.headers['x-tc-timestamp'] ?? '';
  if (parts === undefined || !/^\d{1,10}$/.test(timestamp)) return undefined;
  const { id: accessKeyId, date, service, list, signature: proof } = parts;
  const signedAt = new Date(Number(timestamp) * 1000);
  if (date !== dateOf(signedAt)) return undefined;
  const signedHeaders = list.split(';');
  if (!signedHeaders.includes('content-type') || !signedHeaders.includes('host')) return undefined;
  const token = request.headers['x-tc-token'];
  return {
    accessKeyId,
    scope: { date, service },
    signedHeaders,
    signature: proof,
    timestamp,
    signedAt,
    ...(token === undefined || token === '' ? {} : { sessionToken: token }),
  };
};

/**
 * Whether the secret made this signature over this request.
 *
 * @example
 * const proof = readTc3(request);
 * const valid = proof !== undefined && verifyTc3(request, proof, secret);
 */
export const verifyTc3 = (request: HttpRequest, proof: Tc3Proof, secret: Secret): boolean => {
  const canonical = canonicalRequest(request, proof.signedHeaders, payloadHash(request));
  const expected = signature(signingKey(secret, proof.scope), stringToSign(proof.timestamp, proof.scope, canonical));
  return sameSignature(expected, proof.signature);
};
