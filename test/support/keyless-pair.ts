import { generateKeyPairSync } from 'node:crypto';
import { type ServedConfig, serveConfig } from './serve-config.ts';

/** Keys of an issuer, as PEM. */
const pem = (pair: { readonly privateKey: { export(options: object): string | Buffer } }): string =>
  pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const rsaPem = (): string => pem(generateKeyPairSync('rsa', { modulusLength: 2048 }));
export const ecPem = (namedCurve: 'P-256' | 'P-384'): string => pem(generateKeyPairSync('ec', { namedCurve }));

const ring = 'r'.repeat(43);
export const awsAudience = 'sts.amazonaws.com';
export const tencentAudience = 'credmint-tencent';
export const awsRole = 'arn:aws:iam::111122223333:role/demo';
export const tencentRole = 'qcs::cam::uin/100000000001:roleName/demo';

/** A server that plays AWS and Tencent Cloud, and trusts the issuer at the URL by discovery. */
const openClouds = (issuer: string): Promise<ServedConfig> =>
  serveConfig(
    () => ({
      accounts: { authority: { cloud: 'authority' } },
      callers: {
        // What a trust policy says: this issuer, this audience, these accounts and grants.
        keyless: {
          jwt: {
            issuer,
            audience: [awsAudience, tencentAudience],
            algorithms: ['RS256', 'ES256', 'ES384'],
            claims: { sub: ['account:aws:grant:mint-*', 'account:tencent:grant:mint-*'] },
            jti: 'once',
          },
        },
      },
      grants: [
        {
          name: 'keyless',
          callers: ['keyless'],
          dialects: ['aws', 'tencent-v3'],
          account: 'authority',
          operations: ['AssumeRoleWithWebIdentity'],
          roles: ['**'],
        },
      ],
      authority: {
        keys: ['env:RING'],
        accountIds: { aws: '111122223333', 'tencent-v3': '100000000001' },
        roles: { demo: { trust: ['keyless'], maxSessionDurationSeconds: 43_200 } },
      },
    }),
    { RING: ring },
  );

export const callerKey = { id: 'AKIDCI', secret: 'the-secret-of-ci-0123456789' };

export const otherKey = { id: 'AKIDOTHER', secret: 'the-secret-of-other-0123456789' };

/** What the server without a stored key is configured by: no account has a key. */
const keylessConfig = (url: string, clouds: string, keys: readonly string[], more: object = {}) => ({
  issuer: { url, keys },
  accounts: {
    aws: { cloud: 'aws', endpoint: `${clouds}/`, webIdentity: { token: 'issuer', audience: awsAudience } },
    tencent: {
      cloud: 'tencent-v3',
      endpoint: `${clouds}/`,
      webIdentity: { token: 'issuer', audience: tencentAudience, providerId: 'credmint' },
    },
  },
  callers: {
    ci: { accessKey: { id: callerKey.id, secret: 'env:CI' } },
    other: { accessKey: { id: otherKey.id, secret: 'env:OTHER' } },
  },
  grants: [
    {
      name: 'mint-aws',
      callers: ['ci', 'leases'],
      account: 'aws',
      operations: ['AssumeRole', 'ReadLease'],
      roles: [awsRole],
      leases: ['*'],
    },
    {
      name: 'mint-tencent',
      callers: ['ci', 'leases'],
      account: 'tencent',
      operations: ['AssumeRole'],
      roles: [tencentRole],
    },
    // Its name is not one that the clouds trust.
    { name: 'other', callers: ['other'], account: 'aws', operations: ['AssumeRole'], roles: [awsRole] },
  ],
  ...more,
});

/** Two servers on loopback: one that plays the clouds, and one that stores no key and is trusted by them. */
export const openPair = async () => {
  const environment: Record<string, string> = {
    CI: callerKey.secret,
    OTHER: otherKey.secret,
    OLD: rsaPem(),
    NEW: rsaPem(),
  };
  const keyless = await serveConfig(
    // The clouds' address is not known yet: the real configuration is deployed below.
    (url) => ({ issuer: { url, keys: ['env:OLD'] } }),
    environment,
  );
  const clouds = await openClouds(keyless.url);
  const deploy = (keys: readonly string[], more: object = {}): Promise<void> =>
    keyless.deploy(keylessConfig(keyless.url, clouds.url, keys, more), environment);
  await deploy(['env:OLD']);
  return {
    keyless,
    clouds,
    environment,
    deploy,
    close: async () => {
      await keyless.close();
      await clouds.close();
    },
  };
};
