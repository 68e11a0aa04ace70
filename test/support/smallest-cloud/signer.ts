import type { AccessKey } from '../../../lib/core/credentials.ts';
import type { HttpRequest } from '../../../lib/core/http.ts';
import type { Secret } from '../../../lib/core/secret.ts';
import { hmacHex, keyOf, sameSignature } from '../../../lib/signers/digest.ts';

// Acme's signature: HMAC-SHA256 over the method, the host, the path, the date and the body, one on each line.

/** Step 1: what is signed. */
export const stringToSign = ({ method, host, path, body }: HttpRequest, date: string): string =>
  [method, host, path, date, body].join('\n');

/** Step 2: 64 lower-case hex digits. */
export const signature = (text: string, secret: Secret): string => hmacHex(keyOf(secret.reveal()), text);

/** Step 3: the request with its headers. */
export const sign = (request: HttpRequest, key: AccessKey, now: Date): HttpRequest => {
  const date = now.toISOString();
  return {
    ...request,
    headers: {
      ...request.headers,
      'x-acme-key': key.id,
      'x-acme-date': date,
      'x-acme-signature': signature(stringToSign(request, date), key.secret),
      ...(key.token === undefined ? {} : { 'x-acme-token': key.token.reveal() }),
    },
  };
};

/** Whether the secret made the signature of this request. */
export const verify = (request: HttpRequest, secret: Secret): boolean => {
  const { 'x-acme-date': date = '', 'x-acme-signature': claimed = '' } = request.headers;
  return sameSignature(signature(stringToSign(request, date), secret), claimed);
};
