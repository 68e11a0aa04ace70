import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config/load.ts';
import { configFaults } from '../../support/expect-refusal.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-accounts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const environment = { ID: 'AKIDOFENV', SECRET: 'the-secret' };
const key = { id: 'AKIA', secret: 'env:SECRET' };
const keyless = { cloud: 'aws', endpoint: 'https://sts.amazonaws.com' };
const account = { ...keyless, key };

const read = (cloud: object) => readConfig({ accounts: { cloud } }, { folder, environment });
const faultsOf = (cloud: object) => configFaults(() => read(cloud));
const withAccount = (changes: object) => faultsOf({ ...account, ...changes });

describe('the key of an account', () => {
  it.each([
    ['AKIA', 'AKIA'],
    ['env:ID', 'AKIDOFENV'],
    ['file:id', 'AKIDOFFILE'],
  ])('has its id as it is written, or where a reference leads: %s', (id, found) => {
    writeFileSync(join(folder, 'id'), 'AKIDOFFILE\n');
    expect(read({ ...account, key: { ...key, id } }).accounts.get('cloud')?.key?.id).toBe(found);
  });

  it('is named by its path if a part of it leads nowhere', () => {
    expect(withAccount({ key: { id: 'env:NO', secret: 'file:no', token: 'ssm:/no' } })).toEqual([
      'accounts.cloud.key.id: refers to env:NO, which is missing or empty',
      `accounts.cloud.key.secret: refers to file:no, which is missing or empty: ${join(folder, 'no')}: nothing is there (ENOENT)`,
      'accounts.cloud.key.token: refers to ssm:/no, which is missing or empty',
    ]);
  });

  it('is read again as its files are then', async () => {
    writeFileSync(join(folder, 'id'), 'AKIDOLD');
    writeFileSync(join(folder, 'secret'), 'old');
    const { keyReaders } = read({ ...account, key: { id: 'file:id', secret: 'file:secret' } });
    writeFileSync(join(folder, 'id'), 'AKIDNEW');
    writeFileSync(join(folder, 'secret'), 'new');
    const again = await keyReaders.get('cloud')?.();
    expect([again?.id, again?.secret.reveal()]).toEqual(['AKIDNEW', 'new']);
  });

  it('is not replaced by half a key if one of its files is gone', async () => {
    writeFileSync(join(folder, 'token'), 'token');
    const { keyReaders } = read({ ...account, key: { ...key, token: 'file:token' } });
    rmSync(join(folder, 'token'));
    expect(await keyReaders.get('cloud')?.()).toBeUndefined();
  });

  it('or an identity token proves the account', () => {
    expect(faultsOf(keyless)).toEqual(['accounts.cloud: must have a key or a webIdentity']);
    expect(faultsOf({ ...keyless, webIdentity: { token: 'env:SECRET' } })).toEqual([]);
  });
});

describe('the identity token of a keyless account', () => {
  it('is read again for each mint, and its absence is a fault of ours', async () => {
    const config = read({ ...keyless, webIdentity: { token: 'file:identity-token' } });
    const token = config.accounts.get('cloud')?.webIdentity?.token;
    await expect(token?.()).rejects.toMatchObject({ code: 'Misconfigured' });
    for (const text of ['first', 'second']) {
      writeFileSync(join(folder, 'identity-token'), `${text}\n`);
      expect((await token?.())?.reveal()).toBe(text);
    }
  });
});

describe('the profile of an account', () => {
  it('is a product that speaks the protocol of its cloud', () => {
    expect(read({ ...account, profile: 'ceph' }).accounts.get('cloud')?.profile).toBe('ceph');
    expect(withAccount({ cloud: 'ecs', profile: 'ceph' })).toEqual(['accounts.cloud.profile: is not one of ecs']);
    expect(withAccount({ profile: 'aws' })[0]).toMatch(/^accounts\.cloud\.profile: /);
  });
});

describe('an endpoint', () => {
  it.each([
    'https://sts.example.com',
    'https://[::1]:8443/sts/',
    'http://127.0.0.1:9000',
    'http://localhost',
    'http://[::1]',
  ])('may be %s', (endpoint) => {
    expect(withAccount({ endpoint })).toEqual([]);
  });

  it.each([
    'http://sts.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://10.0.0.1',
    'http://169.254.169.254',
    'ftp://example.com',
    'file:///etc/passwd',
    'https://user@example.com',
    'https://user:password@example.com',
    'https://example.com/?q',
    'https://example.com/#f',
    'not a url',
    '',
  ])('may not be %s', (endpoint) => {
    const faults = withAccount({ endpoint });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.every((fault) => fault.startsWith('accounts.cloud.endpoint: '))).toBe(true);
  });
});

describe('an account that signs by the identity of this process', () => {
  const runtime = { ...keyless, key: 'runtime' };
  const readWith = (cloud: object, variables: Record<string, string>) =>
    readConfig({ accounts: { cloud } }, { folder, environment: variables });

  it('has the identity that the environment names, and no key to read again', () => {
    const config = readWith(runtime, { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/x' });
    expect(config.accounts.get('cloud')).toMatchObject({ runtime: true });
    expect(config.accounts.get('cloud')).not.toHaveProperty('key');
    expect(config.runtimeIdentities.get('cloud')).toMatchObject({ kind: 'container' });
    expect(config.keyReaders.size).toBe(0);
  });

  it('is of the cloud of the account, whatever else the environment names', () => {
    const variables = { AWS_ACCESS_KEY_ID: 'ASIA', AWS_SECRET_ACCESS_KEY: 's' };
    const tencent = readWith({ ...runtime, cloud: 'tencent-v3' }, variables);
    expect(tencent.runtimeIdentities.get('cloud')).toMatchObject({ kind: 'instance', cloud: 'tencent' });
  });

  it('is a fault where no platform can give one', () => {
    expect(faultsOf({ ...runtime, cloud: 'ucloud' })).toEqual([
      'accounts.cloud.key: is runtime, but no platform gives a process an identity at ucloud',
    ]);
    expect(configFaults(() => readWith(runtime, { AWS_EC2_METADATA_DISABLED: 'true' }))).toEqual([
      'accounts.cloud.key: is runtime, but the environment names no identity and forbids metadata',
    ]);
    expect(faultsOf({ ...keyless, key: 'lambda' })).toHaveLength(1);
  });

  it('proves itself in one way', () => {
    expect(faultsOf({ ...runtime, webIdentity: { token: 'env:SECRET' } })).toEqual([
      'accounts.cloud: must have a key or a webIdentity, not both',
    ]);
  });

  it('is told by its path if a key is written instead and is not whole', () => {
    expect(faultsOf({ ...keyless, key: { id: 'AKIA' } })).toEqual(['accounts.cloud.key.secret: is missing']);
    expect(faultsOf({ ...keyless, key: { ...key, more: 1 } })).toEqual(['accounts.cloud.key.more: is not known here']);
  });
});
