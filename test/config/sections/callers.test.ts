import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config/load.ts';
import { configFaults } from '../../support/expect-refusal.ts';

const environment = { ID: 'AKID', SECRET: 'the-secret', JWKS: '{"keys":[]}' };
const key = { id: 'AKID', secret: 'env:SECRET' };

const read = (callers: object, more: object = {}) =>
  readConfig({ callers, ...more }, { folder: '/nowhere', environment });
const faultsOf = (callers: object, more: object = {}) => configFaults(() => read(callers, more));

describe('callers', () => {
  it.each(['session', 'leases', 'lease-reader'])('take no name that stands for others: %s', (name) => {
    expect(faultsOf({ [name]: { accessKey: key } })).toEqual([`callers.${name}: is a reserved name`]);
  });

  it('may have two keys, so that they rotate', () => {
    const accessKey = [key, { id: 'AKID2', secret: 'env:SECRET' }];
    expect(read({ ci: { accessKey } }).keys.map(({ id }) => id)).toEqual(['AKID', 'AKID2']);
  });

  it('may have the id of a key by reference', () => {
    expect(read({ ci: { accessKey: { ...key, id: 'env:ID' } } }).keys[0]?.id).toBe('AKID');
  });

  it('share no key, by whatever way its id is written', () => {
    const fault = 'callers.cd: has the key AKID, which another key has too';
    expect(faultsOf({ ci: { accessKey: key }, cd: { accessKey: key } })).toEqual([fault]);
    expect(faultsOf({ ci: { accessKey: key }, cd: { accessKey: { ...key, id: 'env:ID' } } })).toEqual([fault]);
  });

  it('have their faults named by the path as it is written', () => {
    const accessKey = { id: 'AKID', secret: 'env:NO' };
    const fault = 'refers to env:NO, which is missing or empty';
    expect(faultsOf({ ci: { accessKey } })).toEqual([`callers.ci.accessKey.secret: ${fault}`]);
    expect(faultsOf({ ci: { accessKey: [accessKey] } })).toEqual([`callers.ci.accessKey.0.secret: ${fault}`]);
  });

  it('have no burst without a rate, and no proxy without proxies', () => {
    expect(faultsOf({ ci: { accessKey: key, burst: 5 } })).toEqual([
      'callers.ci.burst: has no effect without requestsPerSecond',
    ]);
    const proxied = { ci: { certificate: { from: 'proxy', dns: 'job.example' } } };
    expect(faultsOf(proxied)).toEqual(['proxies: is missing, but the caller ci is proven by one']);
    expect(faultsOf(proxied, { proxies: { addresses: ['10.0.0.0/8', '::1'] } })).toEqual([]);
    expect(faultsOf(proxied, { proxies: { addresses: ['10.0.0.0/33'] } })).toEqual([
      'proxies.addresses.0: must be an address or a range, 10.0.0.0/8',
    ]);
  });

  it.each(['{"keys":[1]}', '{"keys":{}}', '[]', 'null', '{', '"text"'])(
    'trust no issuer by a key set that is not valid: %s',
    (JWKS) => {
      const callers = { ci: { jwt: { issuer: 'i', audience: 'a', jwks: 'env:JWKS' } } };
      expect(configFaults(() => readConfig({ callers }, { folder: '/nowhere', environment: { JWKS } }))).toEqual([
        'callers.ci.jwt.jwks: must refer to a JSON Web Key Set with a public key',
      ]);
    },
  );

  it.each(['HS256', 'none', 'HS512', 'RSA1_5'])('trust no token signed by %s', (algorithm) => {
    const jwt = { issuer: 'i', audience: 'a', jwks: 'https://i.example/jwks', algorithms: [algorithm] };
    expect(faultsOf({ ci: { jwt } })).toHaveLength(1);
    expect(faultsOf({ ci: { jwt: { ...jwt, algorithms: [] } } })).toHaveLength(1);
    expect(faultsOf({ ci: { jwt: { ...jwt, algorithms: ['ES256'] } } })).toEqual([]);
  });
});
