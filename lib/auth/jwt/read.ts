import { isObject, readJson } from '../../wire/json.ts';

/** What a token says. None of it is proven. */
export interface UnverifiedJwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

const maxTokenLength = 20_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const objectOf = (part: string): Record<string, unknown> | undefined => {
  try {
    const value = readJson(utf8.decode(Buffer.from(part, 'base64url')));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Only the canonical spelling is valid, or one token would have many spellings, and many digests. */
const isCanonical = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;

/** Reads a JWT in its compact form (RFC 7515, 7.1); returns undefined if it is not one. */
export const readJwt = (text: string): UnverifiedJwt | undefined => {
  if (text.length > maxTokenLength) return undefined;
  const parts = text.split('.');
  const [first = '', second = '', third = ''] = parts;
  if (parts.length !== 3 || third === '' || !parts.every(isCanonical)) return undefined;
  const [header, payload] = [objectOf(first), objectOf(second)];
  return header === undefined || payload === undefined ? undefined : { header, payload };
};
