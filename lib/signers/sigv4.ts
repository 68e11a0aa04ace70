import type { AccessKey } from '../core/credentials.ts';
import type { HttpRequest } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import { dayText, timeOfDayText } from '../wire/instant.ts';
import { canonicalQuery, headerValue } from './canonical.ts';
import { derivedKey, hmacHex, keyOf, nextKey, sha256Hex } from './digest.ts';
import type { HmacKey } from './hmac.ts';

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
export const signingKey = (secret: Secret, scope: Scope): HmacKey =>
  derivedKey(secret, ['sigv4', scope.date, scope.region, scope.service], () => {
    const dateKey = nextKey(keyOf(`AWS4${secret.reveal()}`), scope.date);
    return nextKey(nextKey(nextKey(dateKey, scope.region), scope.service), 'aws4_request');
  });

/** Step 4. */
export const signature = (key: HmacKey, text: string): string => hmacHex(key, text);

/** `YYYYMMDDTHHMMSSZ` */
export const timeText = (now: Date): string => `${dayText(now, '')}T${timeOfDayText(now, '')}Z`;

/** The instant that `YYYYMMDDTHHMMSSZ` names. Returns undefined if it is not of that form. */
export const readTime = (text: string): Date | undefined => {
  if (!/^\d{8}T\d{6}Z$/.test(text)) return undefined;
  const [day, time] = [text.slice(0, 8), text.slice(9, 15)];
  const date = new Date(
    `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`,
  );
  return Number.isNaN(date.getTime()) ? undefined : date;
};

export const payloadHash = (body: string): string => (body === '' ? emptyHash : sha256Hex(body));

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
  const headers: Record<string, string> = { ...request.headers, 'x-amz-date': time };
  if (key.token !== undefined) headers['x-amz-security-token'] = key.token.reveal();
  const names = ['host'];
  for (const name in headers) if (name === 'content-type' || name.startsWith('x-')) names.push(name);
  names.sort();
  const { method, host, path, query } = request;
  const canonical = canonicalRequest({ method, host, path, query, headers }, names, payloadHash(request.body));
  const proof = signature(signingKey(key.secret, scope), stringToSign(time, scope, canonical));
  headers['authorization'] =
    `${algorithm} Credential=${key.id}/${scopeText(scope)}, SignedHeaders=${names.join(';')}, Signature=${proof}`;
  return { ...request, headers };
};
