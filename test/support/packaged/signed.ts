import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';

interface RecordedRequest {
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly rawPath?: string;
  readonly path?: string;
}

/** The same event, signed now with a caller's key as an AWS SDK signs. */
export const signed = async (
  event: Record<string, unknown>,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
): Promise<Record<string, unknown>> => {
  const { headers, body = '', isBase64Encoded, rawPath, path } = event as unknown as RecordedRequest;
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  const host = headers['host'] ?? headers['Host'] ?? '';
  const signer = new SignatureV4({ service: 'sts', region: 'us-east-1', credentials, sha256: Sha256 });
  const request = new HttpRequest({
    method: 'POST',
    hostname: host,
    path: rawPath ?? path ?? '/',
    body: text,
    headers: { host },
  });
  const proof = (await signer.sign(request)).headers;
  // A header in two spellings would be two headers.
  const others = Object.entries(headers).filter(([name]) => !Object.hasOwn(proof, name.toLowerCase()));
  return { ...event, headers: { ...Object.fromEntries(others), ...proof }, multiValueHeaders: undefined };
};
