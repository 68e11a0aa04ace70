import { hash } from 'node:crypto';
import type { AccessKey } from '../core/credentials.ts';
import type { Secret } from '../core/secret.ts';
import type { ExactJson } from '../wire/exact-json.ts';
import { sameSignature } from './digest.ts';

// UCloud's signature, in the order of its page: https://docs.ucloud.cn/api/summary/signature.md
// It has neither a clock nor a nonce, so a signed request is valid for as long as its key.

/** What is signed: parameters by name. Numbers are text here, exactly as sent (see `readExactJson`). */
export interface SignedParams {
  readonly [name: string]: ExactJson;
}

/**
 * Step 1: names and values in one run, names in the order of their bytes, without separators and without escapes. One
 * rule for both shapes in use: flattened names (`Disks.0.Size`, of the JavaScript and Python SDKs) sign as they stand;
 * nested values (of the Go SDK) sign lists in order without indices, and objects by their sorted names.
 */
export const signedText = (value: ExactJson): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value === null) return '';
  if (isList(value)) return value.map(signedText).join('');
  let text = '';
  for (const name of bytewise(Object.keys(value))) {
    const member = value[name] ?? null;
    // The SDKs drop what is null before they send it, name and all.
    if (member !== null) text += name + signedText(member);
  }
  return text;
};

const isList = (value: ExactJson): value is readonly ExactJson[] => Array.isArray(value);

/** UTF-16 sorts as UTF-8 does until there are surrogates, which no parameter of UCloud's has. */
const bytewise = (names: string[]): string[] =>
  names.some((name) => /[\ud800-\udfff]/.test(name))
    ? names.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    : names.sort();

/** Step 2: plain SHA-1 of the text and the private key behind it; no HMAC. 40 lower-case hex digits. */
export const signature = (text: string, secret: Secret): string => hash('sha1', text + secret.reveal(), 'hex');

/**
 * Step 3: the parameters with PublicKey, SecurityToken if the key has one, and Signature. For a form or for JSON.
 *
 * @example
 * sign({ Action: 'AssumeRole', RoleUrn: 'ucs:iam::55:role/demo' }, { id: 'public-key', secret });
 */
export const sign = <Params extends SignedParams>(params: Params, key: AccessKey) => {
  const whole = {
    ...params,
    PublicKey: key.id,
    ...(key.token === undefined ? {} : { SecurityToken: key.token.reveal() }),
  };
  return { ...whole, Signature: signature(signedText(whole), key.secret) };
};

/**
 * Whether the secret made the Signature among these parameters.
 *
 * @example
 * const valid = verify({ Action: 'AssumeRole', PublicKey: 'public-key', Signature: '…' }, secret);
 */
export const verify = (params: SignedParams, secret: Secret): boolean => {
  const { Signature: claimed, ...signed } = params;
  return typeof claimed === 'string' && sameSignature(signature(signedText(signed), secret), claimed);
};
