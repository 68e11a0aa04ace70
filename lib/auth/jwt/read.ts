import { type ExactJson, readExactJson } from '../../wire/exact-json.ts';
import { isObject, readJson } from '../../wire/json.ts';

/** What a token says. None of it is proven. */
export interface UnverifiedJwt {
  readonly header: Readonly<Record<string, unknown>>;
  /** As JavaScript reads it: for the claims that RFC 7519 registers, which are texts, lists of texts and instants. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** The same with each number as the text of its exact value: for all claims that are compared or filled in. */
  readonly claims: Readonly<Record<string, ExactJson>>;
}

const maxTokenLength = 20_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const textOf = (part: string): string | undefined => {
  try {
    return utf8.decode(Buffer.from(part, 'base64url'));
  } catch {
    return undefined;
  }
};

const objectOf = (part: string): Pick<UnverifiedJwt, 'payload' | 'claims'> | undefined => {
  const text = textOf(part);
  if (text === undefined) return undefined;
  const [payload, claims] = [readJson(text), readExactJson(text)];
  return isObject(payload) && isExactObject(claims) ? { payload, claims } : undefined;
};

const isExactObject = (value: ExactJson | undefined): value is { readonly [name: string]: ExactJson } =>
  isObject(value);

/** Only the canonical spelling is valid, or one token would have many spellings, and many digests. */
const isCanonical = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;

/**
 * Reads a JWT in its compact form (RFC 7515, 7.1). Returns undefined if the text is not one, or names a member twice
 * (RFC 7519, 4).
 */
export const readJwt = (text: string): UnverifiedJwt | undefined => {
  if (text.length > maxTokenLength) return undefined;
  const parts = text.split('.');
  if (parts.length !== 3 || parts[2] === '' || !parts.every(isCanonical)) return undefined;
  const [header, payload] = parts.slice(0, 2).map(objectOf);
  return header && payload && { header: header.payload, ...payload };
};
