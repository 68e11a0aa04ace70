import type { AccessKey } from '../core/credentials.ts';
import type { HttpRequest, UnsignedRequest } from '../core/http.ts';
import type { Secret } from '../core/secret.ts';
import { secondText } from '../wire/instant.ts';
import { escapeText, type Params, writeQuery } from '../wire/query.ts';
import { canonicalParams } from './canonical.ts';
import { derivedKey, hmacBase64, keyOf, sameSignature } from './digest.ts';
import type { HmacKey } from './hmac.ts';
import { withProof, writtenParams } from './written-params.ts';

// HMAC-SHA1 over the parameters of Alibaba Cloud's RPC style, in the order of its page:
// https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism. It covers neither the host nor a header.

/** What is signed. The parameters are decoded of the wire exactly once. */
export interface Signed {
  readonly method: string;
  readonly params: Params;
}

/** Step 1: every parameter except the signature, escaped and sorted; then the whole escaped once more. */
export const stringToSign = ({ method, params }: Signed): string =>
  `${method}&%2F&${escapeText(canonicalParams(params, 'Signature'))}`;

/** Step 2: the key is the secret with `&` behind it. Made once. */
const signingKey = (secret: Secret): HmacKey =>
  derivedKey(secret, ['acs-rpc'], () => keyOf(`${secret.reveal()}&`, 'sha1'));

/** Step 3. */
export const signature = (secret: Secret, text: string): string => hmacBase64(signingKey(secret), text);

/** The parameters that accompany a signature, and an unsigned call too. */
export const dated = (how: { readonly now: Date; readonly nonce: number }): readonly (readonly [string, string])[] => [
  ['Timestamp', `${secondText(how.now)}Z`],
  ['SignatureNonce', String(how.nonce)],
];

/** Step 4: the request with its proof among the parameters: in the query of a GET, in the form of a POST. */
export const sign = (
  request: UnsignedRequest,
  key: AccessKey,
  how: { readonly now: Date; readonly nonce: number },
): HttpRequest => {
  const proof: (readonly [name: string, value: string])[] = [
    ['AccessKeyId', key.id],
    ['SignatureMethod', 'HMAC-SHA1'],
    ['SignatureVersion', '1.0'],
    ...dated(how),
  ];
  if (key.token !== undefined) proof.push(['SecurityToken', key.token.reveal()]);
  const params = new Map([...writtenParams(request), ...proof]);
  const text = stringToSign({ method: request.method, params });
  return withProof(request, writeQuery([...proof, ['Signature', signature(key.secret, text)]]));
};

/** A proof as the parameters carry it, read and not yet believed. */
export interface RpcProof {
  readonly accessKeyId: string;
  readonly signature: string;
  readonly signedAt: Date;
  readonly nonce: string;
  readonly sessionToken?: string;
}

/** What the parameters offer: a proof, nothing at all, or one of which a parameter is missing or malformed. */
export type RpcReading =
  | { readonly kind: 'proof'; readonly proof: RpcProof }
  | { readonly kind: 'none' }
  | { readonly kind: 'missing' | 'malformed'; readonly parameter: string };

/** The instant of `YYYY-MM-DDThh:mm:ssZ`, which some clients write with milliseconds; `undefined` if it is another text. */
export const readTimestamp = (text: string): Date | undefined => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(text)) return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

/** The proof that the parameters offer. */
export const readRpc = (params: Params): RpcReading => {
  const given = (name: string): string => params.get(name) ?? '';
  if (given('AccessKeyId') === '' && given('Signature') === '') return { kind: 'none' };
  const names = ['AccessKeyId', 'Signature', 'SignatureNonce', 'Timestamp', 'SignatureMethod', 'SignatureVersion'];
  const missing = names.find((name) => given(name) === '');
  if (missing !== undefined) return { kind: 'missing', parameter: missing };
  const signedAt = readTimestamp(given('Timestamp'));
  if (signedAt === undefined) return { kind: 'malformed', parameter: 'Timestamp' };
  if (given('SignatureMethod') !== 'HMAC-SHA1') return { kind: 'malformed', parameter: 'SignatureMethod' };
  if (given('SignatureVersion') !== '1.0') return { kind: 'malformed', parameter: 'SignatureVersion' };
  const token = given('SecurityToken');
  return {
    kind: 'proof',
    proof: {
      accessKeyId: given('AccessKeyId'),
      signature: given('Signature'),
      signedAt,
      nonce: given('SignatureNonce'),
      ...(token === '' ? {} : { sessionToken: token }),
    },
  };
};

/** Whether the secret made the signature over these parameters. */
export const verifyRpc = (signed: Signed, proof: Pick<RpcProof, 'signature'>, secret: Secret): boolean =>
  sameSignature(signature(secret, stringToSign(signed)), proof.signature);
