import { aws } from '../../lib/clouds/aws/cloud.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import { json } from '../../lib/clouds/json/dialect.ts';
import type { Account, Cloud, Dialect } from '../../lib/core/cloud.ts';
import type { AccessKey } from '../../lib/core/credentials.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import type { MintRequest } from '../../lib/core/requests.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign as signSigv4 } from '../../lib/signers/sigv4.ts';
import { presign } from '../../lib/signers/sigv4-presign.ts';
import { sign as signTc3 } from '../../lib/signers/tc3.ts';
import { demoRequestBody } from './app.ts';
import { signingAccounts } from './signing-accounts.ts';

/** One way of signing a request to the service, as the service's own clients sign it. */
export interface Scheme {
  readonly name: string;
  readonly dialect: Dialect;
  /** What travels with the request and is not signed, by the scheme's own rules. */
  readonly unsigned: readonly 'host'[];
  signed(url: string, key: AccessKey, now: Date): HttpRequest;
}

/** AssumeRole of the demo role, as our provider for that cloud sends it. */
const asClient = (cloud: Cloud, written: Account): Scheme => {
  const signed: Scheme['signed'] = (url, key, now) => {
    const account = { ...written, endpoint: new URL(url), key };
    const request = {
      operation: 'AssumeRole',
      role: cloud.naming.roles('123456789012', 'demo', '1')[0],
      sessionName: 'me',
      durationSeconds: 900,
    } as unknown as MintRequest<'AssumeRole'>;
    const encoded = cloud.provider.operations.AssumeRole?.encode(request, account);
    if (encoded === undefined) throw new Error(cloud.id);
    return cloud.provider.sign(encoded, account, key, { now, nonce: Math.floor(now.getTime() % 1e9) + 1 });
  };
  return {
    name: written.signature === undefined ? cloud.id : `${cloud.id} by ${written.signature}`,
    dialect: cloud.dialect,
    unsigned: signsHost(signed) ? [] : ['host'],
    signed,
  };
};

/** Whether the same request is signed otherwise for another host. */
const signsHost = (signed: Scheme['signed']): boolean => {
  const at = (url: string): string => {
    const { host: _, headers, ...rest } = signed(url, { id: 'id', secret: new Secret('secret') }, new Date(0));
    return JSON.stringify({ ...rest, headers: { ...headers, host: '' } });
  };
  return at('https://one.example') !== at('https://two.example');
};

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
  ...clouds.flatMap((cloud) =>
    signingAccounts(cloud, {
      name: cloud.id,
      cloud: cloud.id,
      endpoint: new URL('https://sts.example.com/'),
      region: 'ap-guangzhou',
    }).map((account) => asClient(cloud, account)),
  ),
  {
    name: 'aws, presigned',
    dialect: aws.dialect,
    unsigned: [],
    signed: (url, key, now) => {
      const query = 'Action=GetCallerIdentity&Version=2011-06-15';
      const request = { ...unsigned(url), method: 'GET', path: '/', query, headers: {}, body: '' };
      return presign(request, key, { now, region: 'us-east-1', service: 'sts', expiresSeconds: 60 });
    },
  },
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
