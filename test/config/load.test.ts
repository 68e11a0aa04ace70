import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, readConfig } from '../../lib/config/load.ts';
import { configFaults } from '../support/expect-refusal.ts';

const environment = {
  SHORT: 'x'.repeat(31),
  SECRET: 'the-secret',
  EMPTY: '',
};
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'credmint-config-'));
  writeFileSync(join(folder, 'secret'), 'from-a-file\n');
  writeFileSync(join(folder, 'blank'), '\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const account = { cloud: 'aws', endpoint: 'https://sts.amazonaws.com', key: { id: 'AKIA', secret: 'env:SECRET' } };
const caller = { accessKey: { id: 'AKID', secret: 'env:SECRET' } };
const grant = { name: 'g', callers: ['ci'], account: 'cloud', operations: ['AssumeRole'], roles: ['**'] };
const whole = { accounts: { cloud: account }, callers: { ci: caller }, grants: [grant] };

const read = (written: unknown) => readConfig(written, { folder, environment });
const faultsOf = (written: unknown): readonly string[] => configFaults(() => read(written));

describe('a configuration', () => {
  it('is read whole, with its references followed', () => {
    const config = read(whole);
    expect(config.accounts.get('cloud')?.key?.secret.reveal()).toBe('the-secret');
    expect(config.keys.map(({ id, caller: name }) => [id, name])).toEqual([['AKID', 'ci']]);
    expect(config.grants).toHaveLength(1);
    expect(config.authority).toBeUndefined();
  });

  it('may be empty, and then allows nothing', () => {
    expect(read({})).toMatchObject({ keys: [], jwtRules: [], grants: [] });
  });

  it('has every fault named at once, by its path', () => {
    const faults = faultsOf({
      accounts: { cloud: { ...account, endpoint: 'http://sts.amazonaws.com', colour: 'blue' } },
      callers: { 'no name': caller },
      grants: [
        { ...grant, operations: ['Everything'] },
        { ...grant, callers: [] },
      ],
      extra: 1,
    });
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
      'accounts.cloud.colour',
      'accounts.cloud.endpoint',
      'callers.no name',
      'extra',
      'grants.0.operations.0',
      'grants.1.callers',
    ]);
  });

  it('has every reference that leads nowhere named at once', () => {
    const faults = faultsOf({
      accounts: { cloud: { ...account, key: { id: 'A', secret: 'env:NOTHING' } } },
      callers: {
        ci: { accessKey: { id: 'B', secret: 'file:nothing' }, jwt: { issuer: 'i', audience: 'a', jwks: 'env:SECRET' } },
      },
      grants: [{ ...grant, callers: ['nobody'], account: 'nowhere' }],
      authority: { keys: ['env:SHORT'] },
    });
    expect(faults.map((fault) => fault.split(': ')[0])).toEqual([
      'callers.ci.accessKey.secret',
      'callers.ci.jwt.jwks',
      'accounts.cloud.key.secret',
      'authority.keys.0',
      'grants.0.callers',
      'grants.0.account',
    ]);
  });

  it('quotes nothing that somebody may have written where a reference belongs', () => {
    const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    for (const written of [
      { ...whole, accounts: { cloud: { ...account, key: { id: 'A', secret } } } },
      { ...whole, accounts: { cloud: { ...account, endpoint: `https://user:${secret}@example.com` } } },
      { ...whole, accounts: { cloud: { ...account, cloud: secret } } },
      { ...whole, authority: { keys: [secret] } },
      { ...whole, grants: [{ ...grant, operations: [secret] }] },
      { ...whole, callers: secret },
    ]) {
      const faults = faultsOf(written);
      expect(faults.length).toBeGreaterThan(0);
      expect(faults.join()).not.toContain(secret);
    }
  });

  it.each([[undefined], [null], [1], ['text'], [[]], [[1]]])('is an object: not %j', (written) => {
    expect(faultsOf(written)).toHaveLength(1);
  });
});

describe('a reference', () => {
  it('is followed into the environment and into files beside the configuration', () => {
    const secretOf = (secret: string) =>
      read({ ...whole, callers: { ci: { accessKey: { id: 'A', secret } } } }).keys[0]?.secret;
    expect(secretOf('env:SECRET')?.reveal()).toBe('the-secret');
    expect(secretOf('file:secret')?.reveal()).toBe('from-a-file');
    expect(secretOf(`file:${join(folder, 'secret')}`)?.reveal()).toBe('from-a-file');
  });

  it.each(['env:EMPTY', 'file:blank', 'file:.', 'env:constructor', 'env:__proto__', 'env:toString'])(
    'to nothing is a fault: %s',
    (secret) => {
      expect(faultsOf({ ...whole, callers: { ci: { accessKey: { id: 'A', secret } } } })).toEqual([
        expect.stringContaining(`callers.ci.accessKey.secret: refers to ${secret}, which is missing or empty`),
      ]);
    },
  );
});

describe('a configuration file', () => {
  it('that is not there, or is not JSON, is said to be so', () => {
    expect(() => loadConfig(join(folder, 'none.json'), {})).toThrow('cannot be read');
    expect(() => loadConfig(join(folder, 'secret'), {})).toThrow('is not JSON');
  });

  it('may begin with a byte order mark and end its lines as Windows does, in UTF-8 alone', () => {
    const path = join(folder, 'windows.json');
    const text =
      '\ufeff{\r\n  "callers": { "münchen": { "accessKey": { "id": "A", "secret": "file:secret" } } }\r\n}\r\n';
    writeFileSync(path, text);
    expect(() => loadConfig(path, {})).toThrow('callers.münchen');
    writeFileSync(path, text.replace('münchen', 'munich'));
    expect(loadConfig(path, {}).keys).toHaveLength(1);
    for (const encoding of ['utf16le', 'latin1'] as const) {
      writeFileSync(path, Buffer.from(text.replace('\ufeff', encoding === 'latin1' ? '' : '\ufeff'), encoding));
      expect(() => loadConfig(path, {})).toThrow('is not UTF-8');
    }
  });

  it('looks for files beside itself', () => {
    const path = join(folder, 'credmint.config.json');
    writeFileSync(path, JSON.stringify({ callers: { ci: { accessKey: { id: 'A', secret: 'file:secret' } } } }));
    expect(loadConfig(path, {}).keys[0]?.secret.reveal()).toBe('from-a-file');
  });
});
