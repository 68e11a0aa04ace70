import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ReadOptions, readConfiguration } from '../../../scripts/package/configuration.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-configuration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwks = (key: typeof publicKey) =>
  JSON.stringify({ keys: [{ ...key.export({ format: 'jwk' }), kid: 'a', alg: 'ES256' }] });
mkdirSync(join(folder, 'keys'));
writeFileSync(join(folder, 'keys/jwks.json'), jwks(publicKey));
writeFileSync(join(folder, 'keys/private.json'), jwks(privateKey));
writeFileSync(join(folder, 'secret.txt'), 'the-secret-of-an-account-at-a-cloud\n');

const account = (secret = 'ssm:/credmint/live/aws') => ({
  cloud: 'aws',
  endpoint: 'https://sts.amazonaws.com',
  region: 'us-east-1',
  key: { id: 'AKIAEXAMPLE', secret },
});
const caller = (keys: string) => ({
  jwt: { issuer: 'https://token.example.com', audience: 'credmint', jwks: keys, claims: { sub: 'repo:a/b' } },
});

const read = (json: unknown, options: Partial<ReadOptions> = {}) => {
  const path = join(folder, 'credmint.config.json');
  writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json));
  return readConfiguration(path, { target: 'aws', secretsAllowed: false, ...options });
};

describe('the configuration that is packaged', () => {
  it('is read with no secret and no environment of a cloud, whatever its references lead to there', () => {
    const { files, standIns } = read({
      accounts: { aws: account() },
      callers: {
        key: { accessKey: { id: 'AKIDCREDMINTEXAMPLE1', secret: 'env:CI_SECRET' } },
        token: caller('secretsmanager:credmint/live/jwks'),
      },
    });

    expect([...files.keys()]).toEqual(['credmint.config.json']);
    expect(standIns.unknown).toEqual([]);
  });

  it('takes along the public files that it refers to, by their own paths', () => {
    const { files } = read({ callers: { token: caller('file:keys/jwks.json') } });

    expect(files.get('keys/jwks.json')?.toString()).toBe(jwks(publicKey));
  });

  it.each([
    ['a private key', { accounts: { aws: account('file:keys/private.json') } }, 'keys/private.json may be secret'],
    ['a secret', { accounts: { aws: account('file:secret.txt') } }, 'secret.txt may be secret'],
  ])('refuses %s, unless it is told', (_what, json, message) => {
    expect(() => read(json)).toThrow(message);
    expect(read(json, { secretsAllowed: true }).files.size).toBe(2);
  });

  it.each([
    ['is missing', 'file:keys/none.json', 'cannot be read'],
    ['is elsewhere', 'file:../jwks.json', 'is not beside the configuration or below it'],
  ])('refuses a file that %s', (_how, reference, message) => {
    expect(() => read({ callers: { token: caller(reference) } })).toThrow(message);
  });

  it('leaves a file of the machine where the function runs to that machine', () => {
    const { files, notes } = read({ callers: { token: caller('file:/mnt/keys/jwks.json') } });

    expect(files.size).toBe(1);
    expect(notes.join()).toContain('/mnt/keys/jwks.json is not packaged');
  });

  it.each([
    ['is not JSON', '{', 'is not JSON: line 1, column 2'],
    ['names a cloud that there is not', { accounts: { a: { ...account(), cloud: 'nonsense' } } }, 'accounts.a.cloud'],
    [
      'grants what there is not',
      { grants: [{ name: 'a', callers: ['nobody'], account: 'none', operations: ['AssumeRole'], roles: ['*'] }] },
      'grants.0',
    ],
    [
      'refers to a file with nonsense in it',
      { callers: { token: caller('file:secret.txt') } },
      'callers.token.jwt.jwks',
    ],
  ])('is refused if it %s', (_why, json, message) => {
    expect(() => read(json, { secretsAllowed: true })).toThrow(message);
  });

  it('is named if it is a folder', () => {
    expect(() => readConfiguration(folder, { target: 'aws', secretsAllowed: false })).toThrow(
      `${folder}: cannot be read: it is a folder`,
    );
  });

  it('says what to do if there is none', () => {
    expect(() => readConfiguration(join(folder, 'none.json'), { target: 'aws', secretsAllowed: false })).toThrow(
      /There is no configuration at .*none\.json\.\nWrite one/,
    );
  });

  it('is refused for SCF if a grant asks where a request comes from', () => {
    const json = {
      accounts: { aws: account() },
      callers: { key: { accessKey: { id: 'AKIDCREDMINTEXAMPLE1', secret: 'env:CI_SECRET' } } },
      grants: [
        {
          name: 'office',
          callers: ['key'],
          account: 'aws',
          operations: ['AssumeRole'],
          roles: ['arn:aws:iam::123456789012:role/demo'],
          sourceIps: ['192.0.2.0/24'],
        },
      ],
    };

    expect(read(json).written.grants).toHaveLength(1);
    expect(() => read(json, { target: 'tencent' })).toThrow('grants.0.sourceIps');
  });
});
