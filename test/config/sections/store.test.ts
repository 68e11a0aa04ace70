import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../../lib/config/load.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { configFaults } from '../../support/expect-refusal.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-config-'));
writeFileSync(join(folder, 'ca.pem'), 'certificates');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = {
  STORE_KEY: 'k'.repeat(32),
  OLD_KEY: 'o'.repeat(32),
  SHORT: 'short',
  PASSWORD: 'open-sesame',
  REDIS_URL: 'rediss://minter:p%40ss@cache.example:6380/2',
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
};

const read = (store: unknown, env: Record<string, string> = environment) =>
  readConfig({ store }, { folder, environment: env }).store;

const faults = (store: unknown, env: Record<string, string> = environment): readonly string[] =>
  configFaults(() => read(store, env));

const sealingKeys = ['env:STORE_KEY'];

describe('the store that a configuration names', () => {
  it('is memory where it names none', () => {
    expect(readConfig({}, { folder, environment }).store).toEqual({ kind: 'memory' });
    expect(read({ kind: 'memory' })).toEqual({ kind: 'memory' });
  });

  it('is a file beside the configuration', () => {
    expect(read({ kind: 'sqlite', path: 'data/store.sqlite', sealingKeys })).toMatchObject({
      kind: 'sqlite',
      path: join(folder, 'data/store.sqlite'),
      sealingKeys: [new Secret('')],
    });
  });

  it('is a Redis by its URL, its password by reference', () => {
    const store = read({
      kind: 'redis',
      url: 'rediss://cache.example/3',
      username: 'minter',
      password: 'env:PASSWORD',
      tls: { ca: 'file:ca.pem' },
      timeoutMilliseconds: 250,
      sealingKeys: ['env:STORE_KEY', 'env:OLD_KEY'],
    });
    expect(store).toMatchObject({
      kind: 'redis',
      server: { host: 'cache.example', port: 6379, database: 3, username: 'minter', tls: { ca: 'certificates' } },
      timeoutMilliseconds: 250,
    });
    if (store.kind !== 'redis') return;
    expect(store.server.password?.reveal()).toBe('open-sesame');
    expect(store.sealingKeys.map((key) => (key instanceof Secret ? key.reveal()[0] : key))).toEqual(['k', 'o']);
    expect(JSON.stringify(store)).not.toMatch(/sesame|kkkk/);
  });

  it('is a Redis whose URL is a secret with the password in it', () => {
    const store = read({ kind: 'redis', url: 'env:REDIS_URL', cluster: false, sealingKeys });
    if (store.kind !== 'redis') throw new Error('It is no Redis.');
    expect(store.server).toMatchObject({ host: 'cache.example', port: 6380, database: 2, username: 'minter', tls: {} });
    expect(store.server.password?.reveal()).toBe('p@ss');
  });

  it('is a Redis on loopback in the clear, by its address', () => {
    expect(read({ kind: 'redis', url: 'redis://[::1]:7000', password: 'env:PASSWORD', sealingKeys })).toMatchObject({
      server: { host: '::1', port: 7000, database: 0 },
    });
  });

  it("is a table of DynamoDB, asked in the name of this process's own role", () => {
    const store = read({ kind: 'dynamodb', table: 'credmint', region: 'eu-west-1', sealingKeys });
    expect(store).toMatchObject({
      kind: 'dynamodb',
      table: { table: 'credmint', region: 'eu-west-1' },
      aws: { kind: 'environment' },
    });
  });

  it('may be sealed with a data key of KMS', () => {
    const blob = Buffer.from('a data key, closed').toString('base64');
    expect(read({ kind: 'sqlite', path: 'store', sealingKeys: [`kms:${blob}`] })).toMatchObject({
      sealingKeys: [{ wrapped: blob, region: 'eu-central-1' }],
      aws: { kind: 'environment' },
    });
    const endpoint = { ...environment, AWS_ENDPOINT_URL_KMS: 'https://vpce-1.kms.eu-west-1.vpce.amazonaws.com' };
    expect(
      read({ kind: 'dynamodb', table: 'credmint', region: 'eu-west-1', sealingKeys: [`kms:${blob}`] }, endpoint),
    ).toMatchObject({ sealingKeys: [{ region: 'eu-west-1', endpoint: new URL(endpoint.AWS_ENDPOINT_URL_KMS) }] });
  });
});

describe('where the credentials of the own role are', () => {
  const dynamodb = { kind: 'dynamodb', table: 'credmint', region: 'eu-west-1', sealingKeys };
  const sourceOf = (variables: Record<string, string>) => {
    const store = read(dynamodb, { STORE_KEY: 'k'.repeat(32), ...variables });
    return store.kind === 'dynamodb' ? store.aws : undefined;
  };

  it.each<[string, Record<string, string>, string]>([
    ['ECS', { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/1' }, 'http://169.254.170.2/v2/credentials/1'],
    [
      'EKS',
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials' },
      'http://169.254.170.23/v1/credentials',
    ],
    [
      'Lambda after a snapshot',
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9001/c' },
      'http://127.0.0.1:9001/c',
    ],
    ['anybody with TLS', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'https://keys.example/c' }, 'https://keys.example/c'],
  ])('is told by %s', (_, variables, url) => {
    expect(sourceOf(variables)).toEqual({ kind: 'container', cloud: 'aws', url: new URL(url) });
  });

  it('comes with a token, or the file of one', () => {
    const url = 'http://127.0.0.1:9001/c';
    const shown = sourceOf({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token' });
    expect(shown).toMatchObject({ token: new Secret('token') });
    expect(
      sourceOf({ AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/run/token' }),
    ).toMatchObject({ tokenFile: '/run/token' });
  });

  it.each<[string, Record<string, string>]>([
    ['nothing is said', {}],
    ['half is said', { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE' }],
    ['they would cross a network in the clear', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://keys.example/c' }],
    ['the place is a file', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'file:///etc/passwd' }],
    ['the place is none', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'keys' }],
  ])('is a fault where %s', (_, variables) => {
    expect(faults(dynamodb, { STORE_KEY: 'k'.repeat(32), ...variables })).toEqual([
      expect.stringContaining('store: needs AWS'),
    ]);
  });
});

describe('a store section that will not do', () => {
  const redis = { kind: 'redis', url: 'redis://127.0.0.1', sealingKeys };

  it.each<[string, unknown, string]>([
    ['another kind', { kind: 'etcd' }, 'store.kind'],
    ['no key to seal with', { kind: 'sqlite', path: 'store' }, 'store.sealingKeys: is missing'],
    ['an empty list of them', { kind: 'sqlite', path: 'store', sealingKeys: [] }, 'store.sealingKeys'],
    [
      'a secret in their place',
      { kind: 'sqlite', path: 'store', sealingKeys: ['k'.repeat(40)] },
      'store.sealingKeys.0: must be kms:BASE64, or a reference',
    ],
    [
      'one that is short',
      { kind: 'sqlite', path: 'store', sealingKeys: ['env:SHORT'] },
      'store.sealingKeys.0: must refer to at least 32',
    ],
    [
      'one that is not there',
      { kind: 'sqlite', path: 'store', sealingKeys: ['env:NONE'] },
      'store.sealingKeys.0: refers to env:NONE',
    ],
    ['memory that is sealed', { kind: 'memory', sealingKeys }, 'store.sealingKeys: is not known here'],
    ['an http URL', { ...redis, url: 'http://127.0.0.1' }, 'store.url'],
    [
      'a password in the file',
      { ...redis, url: 'rediss://:open-sesame@cache.example' },
      'store.url: must have no password',
    ],
    [
      'a password in the clear',
      { ...redis, url: 'redis://cache.example', password: 'env:PASSWORD' },
      'store.url: must be rediss',
    ],
    ['a database of a name', { ...redis, url: 'redis://127.0.0.1/main' }, 'store.url: must be redis'],
    [
      'a cluster with a database',
      { ...redis, url: 'redis://127.0.0.1/1', cluster: true },
      'store.url: must name no database',
    ],
    ['a name that is no text', { ...redis, url: 'redis://%FF@127.0.0.1' }, 'store.url: must be redis'],
    ['a reference to no URL', { ...redis, url: 'env:PASSWORD' }, 'store.url: must be redis'],
    ['a timeout of nothing', { ...redis, timeoutMilliseconds: 0 }, 'store.timeoutMilliseconds'],
    [
      'DynamoDB in the clear',
      { kind: 'dynamodb', table: 'credmint', region: 'eu-west-1', endpoint: 'http://dynamodb.example', sealingKeys },
      'store.endpoint: must be https',
    ],
    [
      'a region that leads elsewhere',
      { kind: 'dynamodb', table: 'credmint', region: 'x.example/', sealingKeys },
      'store.region: must be a region',
    ],
  ])('is said to have %s', (_, store, fault) => {
    const said = faults(store);
    expect(said.join('\n')).toContain(fault);
    expect(said.join('\n')).not.toMatch(/open-sesame|k{32}/);
  });

  it('names KMS without a region, or without credentials', () => {
    const kms = { kind: 'sqlite', path: 'store', sealingKeys: ['kms:AAAAAAAAAAAAAAAAAAAA'] };
    expect(faults(kms, {})).toEqual([
      expect.stringContaining('store.sealingKeys.0: needs AWS'),
      expect.stringContaining('store.sealingKeys.0: is a key of KMS'),
    ]);
  });
});
