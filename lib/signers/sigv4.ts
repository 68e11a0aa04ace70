import type { KeyObject } from 'node:crypto';
import type { AccessKey } from '../core/credentials.ts';
import type { HttpHeaders, HttpRequest } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import { dayText, timeOfDayText } from '../wire/instant.ts';
import { readQuery } from '../wire/query.ts';
import { canonicalQuery, headerValue } from './canonical.ts';
import { derivedKey, hmacSha256Hex, hmacSha256Key, keyOf, sameSignature, sha256Hex } from './digest.ts';

// AWS Signature Version 4, for STS and for systems that took it over. In the order of the specification:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

export const algorithm = 'AWS4-HMAC-SHA256';
export const emptyHash = sha256Hex('');

/** What the Credential of a signature says besides the access key id. Region and service may be empty (Dell ECS). */
export interface Scope {
  /** `YYYYMMDD` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export const scopeText = (scope: Scope): string => `${scope.date}/${scope.region}/${scope.service}/aws4_request`;

/** Step 1, the part before the payload: everything of a request that is signed, in one agreed spelling. */
export const canonicalRequest = (
  request: Pick<HttpRequest, 'method' | 'path' | 'query' | 'headers' | 'host'>,
  signedHeaders: readonly string[],
  payloadHash: string,
): string => {
  let headers = '';
  for (const name of signedHeaders) headers += `${name}:${canonicalValue(headerValue(request, name))}\n`;
  return `${request.method}\n${request.path}\n${canonicalQuery(request.query, 'X-Amz-Signature')}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`;
};

/** Trimmed, and inner runs of blanks as one space. Not lower-cased. */
const canonicalValue = (value: string): string => {
  const trimmed = value.trim();
  return /[ \t]{2}|\t/.test(trimmed) ? trimmed.replace(/[ \t]+/g, ' ') : trimmed;
};

/** Step 2. `time` is `YYYYMMDDTHHMMSSZ`. */
export const stringToSign = (time: string, scope: Scope, canonical: string): string =>
  `${algorithm}\n${time}\n${scopeText(scope)}\n${sha256Hex(canonical)}`;

/** Step 3: the key that signs on one day, for one region and service. Made once for each. */
export const signingKey = (secret: Secret, scope: Scope): KeyObject =>
  derivedKey(secret, ['sigv4', scope.date, scope.region, scope.service], () => {
    const dateKey = hmacSha256Key(keyOf(`AWS4${secret.reveal()}`), scope.date);
    return hmacSha256Key(hmacSha256Key(hmacSha256Key(dateKey, scope.region), scope.service), 'aws4_request');
  });

/** Step 4. */
export const signature = (key: KeyObject, text: string): string => hmacSha256Hex(key, text);

/** `YYYYMMDDTHHMMSSZ` */
export const timeText = (now: Date): string => `${dayText(now, '')}T${timeOfDayText(now, '')}Z`;

/** Returns the instant of `YYYYMMDDTHHMMSSZ`, and undefined for any other form. */
export const readTime = (text: string): Date | undefined => {
  if (!/^\d{8}T\d{6}Z$/.test(text)) return undefined;
  const [day, time] = [text.slice(0, 8), text.slice(9, 15)];
  const date = new Date(
    `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`,
  );
  return Number.isNaN(date.getTime()) ? undefined : date;
};

const payloadHash = (body: string): string => (body === '' ? emptyHash : sha256Hex(body));

/**
 * Step 5: the request with its Authorization header. Signs `host`, `content-type`, and every `x-` header.
 *
 * @example
 * sign(request, { id: 'AKIDEXAMPLE', secret }, { now: new Date(), region: 'us-east-1', service: 'sts' });
 */
export const sign = (
  request: HttpRequest,
  key: AccessKey,
  how: { readonly now: Date; readonly region: string; readonly service: string },
): HttpRequest => {
  const time = timeText(how.now);
  const scope: Scope = { date: time.slice(0, 8), region: how.region, service: how.service };
  const headers: HttpHeaders = {
    ...request.headers,
    'x-amz-date': time,
    ...(key.token === undefined ? {} : { 'x-amz-security-token': key.token.reveal() }),
  };
  const names = ['host'];
  for (const name in headers) if (name === 'content-type' || name.startsWith('x-')) names.push(name);
  names.sort();
  const canonical = canonicalRequest({ ...request, headers }, names, payloadHash(request.body));
  const proof = signature(signingKey(key.secret, scope), stringToSign(time, scope, canonical));
  const authorization = `${algorithm} Credential=${key.id}/${scopeText(scope)}, SignedHeaders=${names.join(';')}, Signature=${proof}`;
  return { ...request, headers: { ...headers, authorization } };
};

/** A signature as a request carries it, not verified yet. */
export interface Sigv4Proof {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly time: string;
  readonly signedAt: Date;
  /** Only of a presigned request. */
  readonly expiresSeconds?: number;
  readonly sessionToken?: string;
}

/** Whether the request offers a SigV4 signature at all, good or bad. */
export const offersSigv4 = (request: HttpRequest): boolean =>
  request.headers['authorization']?.startsWith('AWS4-') === true || request.query.includes('X-Amz-Algorithm=');

/** Returns the signature of a request, and undefined if a part is missing, malformed or contradicts another. */
export const readSigv4 = (request: HttpRequest): Sigv4Proof | undefined => {
  const { authorization } = request.headers as { authorization?: string };
  return authorization?.startsWith('AWS4-') === true ? readHeader(request, authorization) : readPresigned(request);
};

const readHeader = (request: HttpRequest, authorization: string): Sigv4Proof | undefined => {
  const parts =
    /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+)\s*,\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]{64})$/.exec(
      authorization.trim(),
    );
  if (parts === null) return undefined;
  // Two proofs in one request are refused: the one that is checked must be the only one.
  if (request.query !== '' && presents(request.query, 'X-Amz-Signature')) return undefined;
  const token = request.headers['x-amz-security-token'];
  return assemble(parts[1] ?? '', parts[2] ?? '', parts[3] ?? '', request.headers['x-amz-date'] ?? '', {
    ...(token === undefined ? {} : { sessionToken: token }),
  });
};

/** Whether the query has a parameter of that name, however escaped, or cannot be read. */
const presents = (query: string, name: string): boolean => {
  const reading = readQuery(query);
  return 'fault' in reading || reading.params.has(name);
};

const readPresigned = (request: HttpRequest): Sigv4Proof | undefined => {
  const reading = readQuery(request.query);
  if ('fault' in reading) return undefined;
  const { params } = reading;
  const expires = params.get('X-Amz-Expires') ?? '';
  if (params.get('X-Amz-Algorithm') !== algorithm || !/^\d{1,6}$/.test(expires)) return undefined;
  if (Number(expires) < 1 || Number(expires) > 604_800) return undefined;
  const proof = params.get('X-Amz-Signature') ?? '';
  if (!/^[0-9a-f]{64}$/.test(proof)) return undefined;
  const token = params.get('X-Amz-Security-Token');
  return assemble(
    params.get('X-Amz-Credential') ?? '',
    params.get('X-Amz-SignedHeaders') ?? '',
    proof,
    params.get('X-Amz-Date') ?? '',
    { expiresSeconds: Number(expires), ...(token === undefined ? {} : { sessionToken: token }) },
  );
};

const assemble = (
  credential: string,
  headerList: string,
  proof: string,
  time: string,
  rest: Pick<Sigv4Proof, 'expiresSeconds' | 'sessionToken'>,
): Sigv4Proof | undefined => {
  const [accessKeyId, date, region, service, end, ...more] = credential.split('/');
  const signedAt = readTime(time);
  const signedHeaders = headerList.split(';');
  if (accessKeyId === undefined || accessKeyId === '' || date === undefined || region === undefined) return undefined;
  if (service === undefined || end !== 'aws4_request' || more.length > 0) return undefined;
  if (signedAt === undefined || date !== time.slice(0, 8)) return undefined;
  if (!signedHeaders.includes('host')) return undefined;
  return { accessKeyId, scope: { date, region, service }, signedHeaders, signature: proof, time, signedAt, ...rest };
};

/**
 * Whether the secret made this signature over this request. The payload hash is taken from the body received, never
 * from `x-amz-content-sha256`; if that header is present and differs, the signature is not valid.
 *
 * @example
 * const proof = readSigv4(request);
 * const valid = proof !== undefined && verifySigv4(request, proof, secret);
 */
export const verifySigv4 = (request: HttpRequest, proof: Sigv4Proof, secret: Secret): boolean => {
  const hashed = proof.expiresSeconds === undefined ? payloadHash(request.body) : emptyHash;
  const declared = request.headers['x-amz-content-sha256'];
  if (declared !== undefined && declared !== hashed && proof.expiresSeconds === undefined) return false;
  const canonical = canonicalRequest(request, proof.signedHeaders, hashed);
  const expected = signature(signingKey(secret, proof.scope), stringToSign(proof.time, proof.scope, canonical));
  return sameSignature(expected, proof.signature);
};
