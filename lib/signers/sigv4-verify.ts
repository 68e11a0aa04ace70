import type { HttpRequest } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import { readQuery } from '../wire/query.ts';
import { sameSignature } from './digest.ts';
import {
  algorithm,
  canonicalRequest,
  emptyHash,
  payloadHash,
  readTime,
  type Scope,
  signature,
  signingKey,
  stringToSign,
  timeText,
} from './sigv4.ts';

/** A signature as a request carries it, read and not yet verified. */
export interface Sigv4Signature {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly time: string;
  readonly signedAt: Date;
  /** The signature is in the query, and covers no body. */
  readonly presigned: boolean;
  /** How long a presigned request is valid, in seconds, if it says so: only S3 demands that. */
  readonly expiresSeconds?: number;
  readonly sessionToken?: string;
}

/** The signature, or a sentence that says what is missing or wrong and quotes nothing. */
export type Sigv4Reading = Sigv4Signature | { readonly fault: string };

/** Whether the request offers a SigV4 signature at all, good or bad. */
export const offersSigv4 = (request: HttpRequest): boolean =>
  request.headers['authorization']?.startsWith('AWS4-') === true || request.query.includes('X-Amz-Algorithm=');

/** The signature that a request offers, in its Authorization or in its query. */
export const readSigv4 = (request: HttpRequest): Sigv4Reading => {
  const { authorization } = request.headers as { authorization?: string };
  return authorization?.startsWith('AWS4-') === true ? readHeader(request, authorization) : readPresigned(request);
};

const readHeader = (request: HttpRequest, authorization: string): Sigv4Reading => {
  const [scheme = '', ...rest] = authorization.trim().split(/\s+/);
  if (scheme !== algorithm) return { fault: `The Authorization must be ${algorithm}.` };
  // Two proofs in one request are refused: the one that is checked must be the one that is meant.
  if (request.query !== '' && presents(request.query, 'X-Amz-Signature')) {
    return { fault: 'The request must have one signature, in its Authorization or in its query.' };
  }
  const fields = new Map<string, string>();
  for (const piece of rest.join(' ').split(/\s*,\s*/)) {
    const equals = piece.indexOf('=');
    const name = piece.slice(0, Math.max(0, equals));
    if (fields.has(name)) return { fault: 'The Authorization has a part twice.' };
    if (equals > 0) fields.set(name, piece.slice(equals + 1));
  }
  return assemble({
    ...partsOf(fields, 'The Authorization', ''),
    time: request.headers['x-amz-date'] ?? timeOfDate(request.headers['date']),
    token: request.headers['x-amz-security-token'],
  });
};

/** Whether the query has a parameter of that name, however escaped, or cannot be read. */
const presents = (query: string, name: string): boolean => {
  const reading = readQuery(query);
  return 'fault' in reading || reading.params.has(name);
};

/** The `Date` of HTTP in the form of `X-Amz-Date`, whose place it may take. An instant of that form stays as it is. */
const timeOfDate = (date: string | undefined): string | undefined => {
  if (date === undefined || !/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(date)) return date;
  const instant = new Date(date);
  return Number.isNaN(instant.getTime()) ? undefined : timeText(instant);
};

const readPresigned = (request: HttpRequest): Sigv4Reading => {
  const reading = readQuery(request.query);
  if ('fault' in reading) return { fault: 'The query cannot be read.' };
  const { params } = reading;
  if (params.get('X-Amz-Algorithm') !== algorithm) return { fault: `The X-Amz-Algorithm must be ${algorithm}.` };
  return assemble({
    ...partsOf(params, 'The query', 'X-Amz-'),
    time: params.get('X-Amz-Date'),
    token: params.get('X-Amz-Security-Token'),
    presigned: true,
    expires: params.get('X-Amz-Expires'),
  });
};

/** What a signature consists of, as text. */
interface Parts {
  readonly place: string;
  readonly prefix: string;
  readonly credential: string | undefined;
  readonly headerList: string | undefined;
  readonly proof: string | undefined;
}

const partsOf = (fields: ReadonlyMap<string, string>, place: string, prefix: string): Parts => ({
  place,
  prefix,
  credential: fields.get(`${prefix}Credential`),
  headerList: fields.get(`${prefix}SignedHeaders`),
  proof: fields.get(`${prefix}Signature`),
});

const assemble = (
  parts: Parts & {
    readonly time: string | undefined;
    readonly token: string | undefined;
    readonly presigned?: true;
    readonly expires?: string | undefined;
  },
): Sigv4Reading => {
  const { place, prefix, credential, headerList, proof, time, token, presigned = false, expires } = parts;
  if (credential === undefined) return { fault: `${place} has no ${prefix}Credential.` };
  if (headerList === undefined) return { fault: `${place} has no ${prefix}SignedHeaders.` };
  if (proof === undefined) return { fault: `${place} has no ${prefix}Signature.` };
  if (time === undefined) return { fault: 'The request has no X-Amz-Date.' };
  const written = /^(?<id>[^/,\s]+)\/(?<date>\d{8})\/(?<region>[^/,\s]*)\/(?<service>[^/,\s]*)\/aws4_request$/.exec(
    credential,
  );
  if (written === null) {
    return { fault: 'The Credential must be written KEY/YYYYMMDD/REGION/SERVICE/aws4_request.' };
  }
  const { id: accessKeyId, ...scope } = written.groups as unknown as Scope & { readonly id: string };
  const signedAt = readTime(time);
  if (signedAt === undefined) return { fault: 'The X-Amz-Date must be written YYYYMMDDTHHMMSSZ.' };
  if (scope.date !== time.slice(0, 8)) return { fault: 'The Credential must have the day of the X-Amz-Date.' };
  const signedHeaders = headerList.split(';');
  if (!signedHeaders.includes('host')) return { fault: 'The SignedHeaders must have host.' };
  if (!/^[0-9a-f]{64}$/.test(proof)) return { fault: 'The Signature must have 64 hexadecimal digits.' };
  const expiresSeconds = expires === undefined ? undefined : secondsOf(expires);
  if (expires !== undefined && expiresSeconds === undefined) {
    return { fault: `The X-Amz-Expires must be 1 to ${maxExpiresSeconds} seconds.` };
  }
  return {
    accessKeyId,
    scope,
    signedHeaders,
    signature: proof,
    time,
    signedAt,
    presigned,
    ...(expiresSeconds === undefined ? {} : { expiresSeconds }),
    ...(token === undefined ? {} : { sessionToken: token }),
  };
};

/** Seven days. */
const maxExpiresSeconds = 604_800;

const secondsOf = (text: string): number | undefined => {
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return seconds < 1 || seconds > maxExpiresSeconds ? undefined : seconds;
};

/**
 * Whether the secret made this signature over this request. The payload hash is taken from the body received, never
 * from `x-amz-content-sha256`; if that header is there and differs, the signature is not valid.
 */
export const verifySigv4 = (request: HttpRequest, signed: Sigv4Signature, secret: Secret): boolean => {
  const hashed = signed.presigned ? emptyHash : payloadHash(request.body);
  const declared = request.headers['x-amz-content-sha256'];
  if (declared !== undefined && declared !== hashed && !signed.presigned) return false;
  const canonical = canonicalRequest(request, signed.signedHeaders, hashed);
  const expected = signature(signingKey(secret, signed.scope), stringToSign(signed.time, signed.scope, canonical));
  return sameSignature(expected, signed.signature);
};
