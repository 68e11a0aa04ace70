import type { AccessKey } from '../core/credentials.ts';
import type { HttpRequest, UnsignedRequest } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import { escapeText, type Params } from '../wire/query.ts';
import { derivedKey, hmacBase64, keyOf, sameSignature } from './digest.ts';
import type { HmacKey } from './hmac.ts';
import { withProof, writtenParams } from './written-params.ts';

// HmacSHA1 and HmacSHA256 over sorted parameters: Tencent Cloud API 2.0, and the older way of API 3.0.
// https://cloud.tencent.com/document/product/213/6984 and https://cloud.tencent.com/document/api/598/33159

export type Method = 'HmacSHA1' | 'HmacSHA256';

export type Edition = '2.0' | '3.0';

/** What is signed. The parameters are decoded exactly once, without their `Signature`. */
export interface Signed {
  readonly method: string;
  /** As the sender names us, with its port. */
  readonly host: string;
  readonly path: string;
  readonly params: Params;
}

/**
 * How clients spell what they sign. The vendor's own SDKs differ, so there are two ways of each edition.
 *
 * - `2.0`: sort, then write `_` in a key as `.`, unless the key begins with it. PHP, Java, Node.
 * - `2.0 python`: write every `_` in a key as `.`, then sort.
 * - `3.0`: keys as they are. Node.
 * - `3.0 go`: empty values left out, though they are sent.
 */
export type Variant = '2.0' | '2.0 python' | '3.0' | '3.0 go';

/**
 * Whether API 2.0 leaves a parameter of a POST out of the signature: one whose value begins with `@`, once the way to
 * name a file for upload. A proxy may change or add such a value, so it must never be trusted.
 */
export const leftUnsigned = (method: string, value: string): boolean => method === 'POST' && value.startsWith('@');

/** A name as API 2.0 signs it. Few have a `_`. */
const dotted = (name: string): string => (name.includes('_') ? name.replaceAll('_', '.') : name);

const byDotted = (one: string, other: string): number => (dotted(one) < dotted(other) ? -1 : 1);

/** So many names are sorted sooner as they stand than by the built-in sort, which copies them first. */
const fewNames = 32;

/** Sorts by UTF-16 code units. */
const sort = (names: string[]): void => {
  if (names.length > fewNames) names.sort();
  else {
    for (let index = 1; index < names.length; index++) {
      const name = names[index] as string;
      let place = index;
      for (; place > 0 && (names[place - 1] as string) > name; place--) names[place] = names[place - 1] as string;
      names[place] = name;
    }
  }
};

/** Step 1. Values are raw: neither escaped nor decoded again. */
export const stringToSign = ({ method, host, path, params }: Signed, variant: Variant): string => {
  const isOfEdition2 = variant === '2.0' || variant === '2.0 python';
  const names: string[] = [];
  for (const name of params.keys()) if (name !== 'Signature' && name !== '') names.push(name);
  if (variant === '2.0 python') names.sort(byDotted);
  else sort(names);
  let text = `${method}${host}${path}?`;
  let joint = '';
  for (const name of names) {
    const value = params.get(name) as string;
    if (isOfEdition2 ? leftUnsigned(method, value) : variant === '3.0 go' && value === '') continue;
    const isDotted = variant === '2.0 python' || (variant === '2.0' && !name.startsWith('_'));
    text += `${joint}${isDotted ? dotted(name) : name}=${value}`;
    joint = '&';
  }
  return text;
};

/** The key that a secret is, for one of the methods. Made once. */
export const signingKey = (secret: Secret, method: Method): HmacKey =>
  derivedKey(secret, [method], () => keyOf(secret.reveal(), method === 'HmacSHA256' ? 'sha256' : 'sha1'));

/** Step 2. */
export const signature = (secret: Secret, method: Method, text: string): string =>
  hmacBase64(signingKey(secret, method), text);

/**
 * Step 3: the request with its signature among the parameters, in the query of a GET and in the form of a POST.
 *
 * @example
 * sign(request, { id: 'AKIDEXAMPLE', secret }, { now: new Date(), nonce: 42, method: 'HmacSHA256', edition: '3.0' });
 */
export const sign = (
  request: UnsignedRequest,
  key: AccessKey,
  how: { readonly now: Date; readonly nonce: number; readonly method: Method; readonly edition: Edition },
): HttpRequest => {
  const { method, host, path } = request;
  const timestamp = String(Math.floor(how.now.getTime() / 1000));
  const nonce = String(how.nonce);
  const params = new Map(writtenParams(request))
    .set('SecretId', key.id)
    .set('Timestamp', timestamp)
    .set('Nonce', nonce)
    .set('SignatureMethod', how.method);
  const token = key.token?.reveal();
  if (token !== undefined) params.set('Token', token);
  const made = signature(key.secret, how.method, stringToSign({ method, host, path, params }, how.edition));
  return withProof(
    request,
    `SecretId=${escapeText(key.id)}&Timestamp=${timestamp}&Nonce=${nonce}&SignatureMethod=${how.method}${
      token === undefined ? '' : `&Token=${escapeText(token)}`
    }&Signature=${escapeText(made)}`,
  );
};

/** A proof as the parameters carry it, read and not yet believed. */
export interface HmacProof {
  readonly accessKeyId: string;
  readonly signature: string;
  readonly method: Method;
  readonly edition: Edition;
  readonly timestamp: string;
  readonly signedAt: Date;
  readonly sessionToken?: string;
}

/** What the parameters offer: a proof, nothing at all, or one of which a parameter is missing or not of its form. */
export type HmacReading =
  | { readonly kind: 'proof'; readonly proof: HmacProof }
  | { readonly kind: 'none' }
  | { readonly kind: 'missing' | 'malformed'; readonly parameter: string };

/** The proof that the parameters offer. An unknown SignatureMethod means HmacSHA1 in 2.0, and is malformed in 3.0. */
export const readHmac = (params: Params, edition: Edition): HmacReading => {
  const given = (name: string): string => params.get(name) ?? '';
  if (given('SecretId') === '' && given('Signature') === '') return { kind: 'none' };
  const missing = ['SecretId', 'Signature', 'Timestamp', 'Nonce'].find((name) => given(name) === '');
  if (missing !== undefined) return { kind: 'missing', parameter: missing };
  const timestamp = given('Timestamp');
  if (!/^\d{1,10}$/.test(timestamp)) return { kind: 'malformed', parameter: 'Timestamp' };
  if (!/^\d{1,20}$/.test(given('Nonce'))) return { kind: 'malformed', parameter: 'Nonce' };
  const method = given('SignatureMethod');
  if (edition === '3.0' && !['', 'HmacSHA1', 'HmacSHA256'].includes(method)) {
    return { kind: 'malformed', parameter: 'SignatureMethod' };
  }
  const proof: HmacProof = {
    accessKeyId: given('SecretId'),
    signature: given('Signature'),
    method: method === 'HmacSHA256' ? 'HmacSHA256' : 'HmacSHA1',
    edition,
    timestamp,
    signedAt: new Date(Number(timestamp) * 1000),
    ...(given('Token') === '' ? {} : { sessionToken: given('Token') }),
  };
  return { kind: 'proof', proof };
};

/**
 * Whether the secret made this signature, in either spelling of the edition. The candidates are what the sender may
 * have had before it: the same parameters under each name of this server.
 *
 * @example
 * const valid = verify([{ method: 'GET', host: 'sts.example.com', path: '/', params }], proof, secret);
 */
export const verify = (
  candidates: readonly Signed[],
  proof: Pick<HmacProof, 'signature' | 'method' | 'edition'>,
  secret: Secret,
): boolean => {
  const variants: readonly Variant[] = proof.edition === '2.0' ? ['2.0', '2.0 python'] : ['3.0', '3.0 go'];
  // One after the other: the first is the one, unless the client is rare or the signature false.
  const tried: string[] = [];
  for (const signed of candidates) {
    for (const variant of variants) {
      const text = stringToSign(signed, variant);
      if (tried.includes(text)) continue;
      if (sameSignature(signature(secret, proof.method, text), proof.signature)) return true;
      tried.push(text);
    }
  }
  return false;
};
