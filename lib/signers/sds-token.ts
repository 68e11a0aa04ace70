import type { HttpRequest } from '../core/http.ts';
import { Secret } from '../core/secret.ts';

// Dell ECS: a login by name and password gives a token, which then goes with every request.

/** The header of the token. Header names are lower case in this code. */
export const tokenHeader = 'x-sds-auth-token';

const longestToken = 8192;
/** Visible ASCII: what an HTTP field can hold without being folded, split or trimmed (RFC 9110, 5.5). */
const tokenForm = /^[\x21-\x7e]+$/;

/** Returns the text as a token, and undefined if it cannot be one. */
export const readToken = (text: string | undefined): Secret | undefined =>
  text !== undefined && text.length <= longestToken && tokenForm.test(text) ? new Secret(text) : undefined;

/** The request with the token. */
export const applyToken = (request: HttpRequest, token: Secret): HttpRequest => ({
  ...request,
  headers: { ...request.headers, [tokenHeader]: token.reveal() },
});

/** A name and a password, as Basic authentication carries them. */
export interface BasicProof {
  readonly name: string;
  readonly password: Secret;
}

// RFC 7617, 2: neither part may hold control characters.
const control = /[\x00-\x1f\x7f]/;

/** Returns the Authorization header of a name and a password (RFC 7617), and undefined if it cannot hold them. */
export const writeBasic = ({ name, password }: BasicProof): string | undefined => {
  const text = `${name}:${password.reveal()}`;
  // The first colon ends the name, so the name cannot have one.
  if (name.includes(':') || control.test(text)) return undefined;
  return `Basic ${Buffer.from(text, 'utf8').toString('base64')}`;
};

const longestBasic = 4096;
const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads an Authorization header of Basic; returns undefined if it is of another scheme or malformed. */
export const readBasic = (header: string | undefined): BasicProof | undefined => {
  if (header === undefined || header.length > longestBasic) return undefined;
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header.trim())?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  // What does not come out as it went in was no base64: Buffer passes over what it cannot read.
  if (bytes.toString('base64') !== encoded) return undefined;
  const text = decoded(bytes);
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 1 || control.test(text)) return undefined;
  return { name: text.slice(0, colon), password: new Secret(text.slice(colon + 1)) };
};

const decoded = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
};
