import { createHash, createHmac } from 'node:crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest as SmithyRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import aws4 from 'aws4';
import QcloudApi from 'qcloudapi-sdk';
import tencent from 'tencentcloud-sdk-nodejs/tencentcloud/common/sign.js';
import { awsRequest, key, now, qcloudParams, qcloudRequest, tencentRequest, timestamp } from './requests.ts';

// The vendors' own signers over the requests of requests.ts, as their SDKs call them.

/** TC3 by the Tencent Cloud SDK. The body is handed over as bytes, so that its JSON writer is not counted. */
export const tencentSign3 = (): string =>
  tencent.default.sign3({
    method: 'POST',
    url: `https://${tencentRequest.host}/`,
    payload: Buffer.from(tencentRequest.body),
    timestamp,
    service: 'sts',
    secretId: key.id,
    secretKey: key.secret.reveal(),
    multipart: false,
    boundary: '',
    headers: { 'Content-Type': 'application/json' },
  });

/** What the AWS SDK hands to its signer on Node. */
class NodeSha256 {
  readonly #hash: { update(data: Uint8Array): unknown; digest(): Buffer };

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

const bytesOf = (data: string | ArrayBuffer | ArrayBufferView): Buffer => {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
};

/** SigV4 by the AWS SDK for JavaScript, with Node's hashes or with its own in JavaScript. Gives the header. */
export const smithySigner = (by: 'node:crypto' | '@aws-crypto'): (() => Promise<string>) => {
  const signer = new SignatureV4({
    credentials: { accessKeyId: key.id, secretAccessKey: key.secret.reveal() },
    region: 'us-east-1',
    service: 'sts',
    sha256: by === 'node:crypto' ? NodeSha256 : Sha256,
    applyChecksum: false,
  });
  return async () => {
    const request = new SmithyRequest({
      method: 'POST',
      protocol: 'https:',
      hostname: awsRequest.host,
      path: '/',
      headers: { host: awsRequest.host, ...awsRequest.headers },
      body: awsRequest.body,
    });
    const { headers } = await signer.sign(request, { signingDate: now });
    return headers['authorization'] ?? '';
  };
};

/** SigV4 by aws4. Told not to sign the content-length, which the others do not either. */
export const aws4Sign = (): string => {
  const request = {
    method: 'POST',
    host: awsRequest.host,
    path: '/',
    service: 'sts',
    region: 'us-east-1',
    headers: { ...awsRequest.headers, 'X-Amz-Date': '20261122T023416Z' },
    extraHeadersToIgnore: { 'content-length': true },
    body: awsRequest.body,
  };
  const { headers = {} } = aws4.sign(request, { accessKeyId: key.id, secretAccessKey: key.secret.reveal() });
  return String(headers['Authorization']);
};

/** API 2.0 by its SDK: the whole form, signed. */
export const qcloudForm = (nonce: number): (() => string) => {
  const sdk = new QcloudApi({ SecretId: key.id, SecretKey: key.secret.reveal(), host: qcloudRequest.host });
  return () =>
    sdk.generateQueryString({ ...qcloudParams, SignatureMethod: 'HmacSHA1', Timestamp: timestamp, Nonce: nonce });
};
