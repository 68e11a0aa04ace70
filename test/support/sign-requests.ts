import { clouds } from '../../functions/sts.ts';
import { json } from '../../lib/clouds/index.ts';
import type { Account, Dialect } from '../../lib/core/cloud.ts';
import type { AccessKey } from '../../lib/core/credentials.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import type { MintRequest } from '../../lib/core/requests.ts';
import { presign, sign as signSigv4 } from '../../lib/signers/sigv4.ts';
import { sign as signTc3 } from '../../lib/signers/tc3.ts';
import { demoRequestBody } from './app.ts';

/** One way of signing a request to the service, as the service's own clients sign it. */
export interface Scheme {
  readonly name: string;
  readonly dialect: Dialect;
  /** What travels with the request and is not signed, by the scheme's own rules. */
  readonly unsigned: readonly 'host'[];
  signed(url: string, key: AccessKey, now: Date): HttpRequest;
}

const cloudOf = (id: string) => {
  const cloud = clouds.find((one) => one.id === id);
  if (cloud === undefined) throw new Error(id);
  return cloud;
};

const dialectOf = (id: string): Dialect => (id === 'json' ? json : cloudOf(id).dialect);

/** AssumeRole of the demo role, as our provider for that cloud would put it to the cloud. */
const asClient = (id: string, signature?: string): Scheme => ({
  name: signature === undefined ? id : `${id} by ${signature}`,
  dialect: dialectOf(id),
  // UCloud signs parameters alone.
  unsigned: id === 'ucloud' ? ['host'] : [],
  signed: (url, key, now) => {
    const cloud = cloudOf(id);
    const account: Account = {
      name: id,
      cloud: id,
      endpoint: new URL(url),
      region: 'ap-guangzhou',
      key,
      ...(signature === undefined ? {} : { signature }),
    };
    const request = {
      operation: 'AssumeRole',
      role: cloud.naming.roles('123456789012', 'demo', '1')[0],
      sessionName: 'me',
      durationSeconds: 900,
    } as unknown as MintRequest<'AssumeRole'>;
    const encoded = cloud.provider.operations.AssumeRole?.encode(request, account);
    if (encoded === undefined) throw new Error(id);
    return cloud.provider.sign(encoded, account, key, { now, nonce: Math.floor(now.getTime() % 1e9) + 1 });
  },
});

const unsigned = (url: string): HttpRequest => ({
  method: 'POST',
  scheme: 'http',
  host: new URL(url).host,
  path: '/assumeRole',
  query: '',
  headers: { 'content-type': 'application/json' },
  body: demoRequestBody,
});

const scope = { region: 'us-east-1', service: 'credmint' };

/** Every scheme in which a caller can sign, in every dialect that has it. */
export const schemes: readonly Scheme[] = [
  asClient('aws'),
  {
    name: 'aws, presigned',
    dialect: dialectOf('aws'),
    unsigned: [],
    signed: (url, key, now) => {
      const query = 'Action=GetCallerIdentity&Version=2011-06-15';
      const request = { ...unsigned(url), method: 'GET', path: '/', query, headers: {}, body: '' };
      return presign(request, key, { now, region: 'us-east-1', service: 'sts', expiresSeconds: 60 });
    },
  },
  asClient('tencent-v3', 'TC3-HMAC-SHA256'),
  asClient('tencent-v3', 'HmacSHA1'),
  asClient('tencent-v3', 'HmacSHA256'),
  asClient('tencent-v2', 'HmacSHA1'),
  asClient('tencent-v2', 'HmacSHA256'),
  asClient('ucloud'),
  asClient('ecs', 'SigV4'),
  {
    name: 'the JSON API by SigV4',
    dialect: json,
    unsigned: [],
    signed: (url, key, now) => signSigv4(unsigned(url), key, { now, ...scope }),
  },
  {
    name: 'the JSON API by TC3',
    dialect: json,
    unsigned: [],
    signed: (url, key, now) =>
      signTc3(unsigned(url), key, { now, service: 'credmint', signedHeaders: ['content-type', 'host'] }),
  },
];
