import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config/load.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { configFaults } from '../../support/expect-refusal.ts';
import { rsaPem } from '../../support/keyless-pair.ts';

const url = 'https://id.example.com';
const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const pem = rsaPem();
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const environment = {
  PEM: pem,
  WEAK: weak.toString(),
  TEXT: 'no key',
  AWS_ACCESS_KEY_ID: 'A',
  AWS_SECRET_ACCESS_KEY: 's',
};

const read = (issuer: object, more: object = {}) =>
  readConfig({ issuer, ...more }, { folder: '/nowhere', environment });
const faultsOf = (issuer: object, more: object = {}) => configFaults(() => read(issuer, more));

describe('the issuer of a configuration', () => {
  it('has keys as PEM, and keys that stay in KMS, in the region of their ARN', () => {
    expect(read({ url, keys: ['env:PEM', `kms:${arn}`] }).issuer).toEqual({
      url,
      keys: [
        { kind: 'pem', pem: new Secret(pem) },
        { kind: 'kms', keyId: arn, region: 'eu-central-1' },
      ],
    });
  });

  it.each<[string, object, string]>([
    ['a key that is too small', { url, keys: ['env:WEAK'] }, 'issuer.keys.0: must be RSA of 2048 bits'],
    ['a text that is no key', { url, keys: ['env:TEXT'] }, 'issuer.keys.0: must be a private key as PEM'],
    ['a secret in the file', { url, keys: [pem] }, 'issuer.keys.0: must be kms:ARN, or a reference'],
    ['no key', { url, keys: [] }, 'issuer.keys: '],
    ['a URL with a path', { url: `${url}/oidc`, keys: ['env:PEM'] }, 'issuer.url: must have no path'],
    ['a URL with a final slash', { url: `${url}/`, keys: ['env:PEM'] }, 'issuer.url: must have no path'],
    ['a URL in the clear', { url: 'http://id.example.com', keys: ['env:PEM'] }, 'issuer.url: must be https'],
  ])('is a fault with %s', (_, issuer, fault) => {
    expect(faultsOf(issuer)).toEqual([expect.stringContaining(fault)]);
  });

  it('needs credentials of this process for a key in KMS', () => {
    const without = () =>
      readConfig({ issuer: { url, keys: [`kms:${arn}`] } }, { folder: '/nowhere', environment: {} });
    expect(configFaults(without)).toEqual([expect.stringContaining('issuer.keys.0: needs AWS')]);
  });

  it('must be there, with an audience, for an account that its tokens prove', () => {
    const accounts = (webIdentity: object) => ({
      accounts: { prod: { cloud: 'aws', endpoint: 'https://sts.amazonaws.com', webIdentity } },
    });
    const faults = configFaults(() => readConfig(accounts({ token: 'issuer' }), { folder: '/nowhere', environment }));
    expect(faults).toEqual([
      'accounts.prod.webIdentity.audience: is missing',
      'issuer: is missing, but an account is proven by its tokens',
    ]);
    const issuer = { url, keys: ['env:PEM'] };
    expect(faultsOf(issuer, accounts({ token: 'issuer', audience: 'sts.amazonaws.com' }))).toEqual([]);
    expect(faultsOf(issuer, accounts({ token: 'env:TEXT', audience: 'a' }))).toEqual([
      'accounts.prod.webIdentity.audience: is for tokens of our own issuer',
    ]);
  });
});
