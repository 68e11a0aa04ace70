import type { AccessKey } from '../core/credentials.ts';
import { hmacBase64Url, keyOf, sha256Hex } from './digest.ts';

// Temporary credentials of Cloudflare R2 that are made without a call, in the order of the vendor's recipe:
// https://developers.cloudflare.com/r2/api/s3/temporary-credentials/

/** What the credentials allow, in one bucket. At least one of `scope` and `actions` must be there. */
export interface R2Claims {
  readonly bucket: string;
  readonly scope?: 'object-read-only' | 'object-read-write' | 'admin-read-only' | 'admin-read-write';
  readonly actions?: readonly string[];
  /** Absent is the whole bucket. */
  readonly paths?: { readonly prefixPaths: readonly string[]; readonly objectPaths: readonly string[] };
}

/** For whom and how long. */
export interface R2Validity {
  /** The account id. */
  readonly sub: string;
  /** The host of the R2 endpoint, not its URL. */
  readonly aud: string;
  /** Seconds since 1970. */
  readonly iat: number;
  /** Seconds since 1970. */
  readonly exp: number;
}

const base64Url = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

/** Step 1: the payload, whose issuer is the parent's access key id. */
export const payload = (claims: R2Claims, { sub, ...validity }: R2Validity, parentId: string): string =>
  JSON.stringify({ ...claims, sub, iss: parentId, ...validity });

/** Step 2: the compact JWT (RFC 7515), by HS256. The key is the text of the parent's secret, not the bytes it stands for. */
export const compactJwt = (text: string, parent: Pick<AccessKey, 'secret'>): string => {
  const signed = `${base64Url('{"alg":"HS256","typ":"JWT"}')}.${base64Url(text)}`;
  return `${signed}.${hmacBase64Url(keyOf(parent.secret.reveal()), signed)}`;
};

/** Step 3: the secret access key is the hash of the JWT. */
export const secretAccessKey = (jwt: string): string => sha256Hex(jwt);

/** Step 4: the session token carries the JWT. */
export const sessionToken = (jwt: string): string => Buffer.from(`jwt/${jwt}`, 'utf8').toString('base64');
