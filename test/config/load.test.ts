import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, readConfig } from '../../lib/config/load.ts';
import { configFaults } from '../support/expect-refusal.ts';

const environment = {
  LONG: 'x'.repeat(32),
  SHORT: 'x'.repeat(31),
  SECRET: 'the-secret',
  EMPTY: '',
  JWKS: '{"keys":[]}',
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
const faultsOf = (written: unknown) => configFaults(() => read(written));
const withAccount = (changes: object) => faultsOf({ ...whole, accounts: { cloud: { ...account, ...changes } } });

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
      'callers.ci.accessKey.0.secret',
      'callers.ci.jwt.jwks',
      'accounts.cloud.key.secret',
      'grants.0.callers',
      'grants.0.account',
      'authority.keys.0',
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
        `callers.ci.accessKey.0.secret: refers to ${secret}, where there is nothing`,
      ]);
    },
  );
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

describe('callers and accounts', () => {
  it('take no name that stands for others', () => {
    expect(
      faultsOf({ ...whole, callers: { ...whole.callers, session: { accessKey: { id: 'B', secret: 'env:SECRET' } } } }),
    ).toEqual(['callers.session: is a name that the service keeps for itself']);
  });

  it('share no key', () => {
    expect(faultsOf({ ...whole, callers: { ci: caller, cd: caller } })).toEqual([
      'callers.cd: has the key AKID, which another has too',
    ]);
  });

  it('may have two keys, so that they rotate', () => {
    const accessKey = [caller.accessKey, { id: 'AKID2', secret: 'env:LONG' }];
    expect(read({ ...whole, callers: { ci: { accessKey } } }).keys.map(({ id }) => id)).toEqual(['AKID', 'AKID2']);
  });

  it('have a key or an identity token', () => {
    const { key: _, ...keyless } = account;
    expect(faultsOf({ ...whole, accounts: { cloud: keyless } })).toEqual([
      'accounts.cloud: must have a key or a webIdentity',
    ]);
    expect(faultsOf({ ...whole, accounts: { cloud: { ...keyless, webIdentity: { token: 'file:secret' } } } })).toEqual(
      [],
    );
  });

  it('of the authority need one', () => {
    const accounts = { cloud: { cloud: 'authority' } };
    expect(faultsOf({ ...whole, accounts })).toEqual(['authority: is missing, yet an account is of it']);
    expect(faultsOf({ ...whole, accounts, authority: { keys: ['env:LONG'] } })).toEqual([]);
  });

  it.each(['{"keys":[1]}', '{"keys":{}}', '[]', 'null', '{', '"text"'])(
    'trust no issuer by a key set that is none: %s',
    (JWKS) => {
      const callers = { ci: { jwt: { issuer: 'i', audience: 'a', jwks: 'env:JWKS' } } };
      const faults = () => readConfig({ ...whole, callers }, { folder, environment: { ...environment, JWKS } });
      expect(faults).toThrow('callers.ci.jwt.jwks: must refer to a JSON Web Key Set');
    },
  );

  it.each(['HS256', 'none', 'HS512', 'RSA1_5'])('trust no token signed by %s', (algorithm) => {
    const jwt = { issuer: 'i', audience: 'a', jwks: 'env:JWKS', algorithms: [algorithm] };
    expect(faultsOf({ ...whole, callers: { ci: { jwt } } })).toHaveLength(1);
    expect(faultsOf({ ...whole, callers: { ci: { jwt: { ...jwt, algorithms: [] } } } })).toHaveLength(1);
  });
});

describe('the identity token of a keyless account', () => {
  it('is read anew each time, and its absence is a fault of ours', async () => {
    const path = join(folder, 'identity-token');
    const { key: _, ...keyless } = account;
    const config = read({
      ...whole,
      accounts: { cloud: { ...keyless, webIdentity: { token: 'file:identity-token' } } },
    });
    const token = config.accounts.get('cloud')?.webIdentity?.token;
    await expect(token?.()).rejects.toMatchObject({ code: 'Misconfigured' });
    for (const text of ['first', 'second']) {
      writeFileSync(path, `${text}\n`);
      expect((await token?.())?.reveal()).toBe(text);
    }
  });
});

describe('a role of the authority', () => {
  const withRole = (role: object) => faultsOf({ ...whole, authority: { keys: ['env:LONG'], roles: { demo: role } } });

  it('has a trust policy, limits, and policies of their grammars', () => {
    const iam = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
    const cam = { version: '2.0', statement: [{ effect: 'allow', action: '*', resource: '*' }] };
    expect(
      withRole({ trust: ['ci', 'role:demo', '*'], policies: { iam, cam }, maxSessionDurationSeconds: 900 }),
    ).toEqual([]);
    expect(withRole({ trust: [], policies: { iam: cam } })).toHaveLength(1);
    expect(withRole({ trust: ['role:', 'a b'] })).toHaveLength(2);
    expect(withRole({})).toEqual(['authority.roles.demo.trust: is missing']);
    for (const maxSessionDurationSeconds of [899, 43_201, 900.5, Number.NaN]) {
      expect(withRole({ trust: [], maxSessionDurationSeconds })).toHaveLength(1);
    }
  });
});

describe('a configuration file', () => {
  it('that is not there, or is not JSON, is said to be so', () => {
    expect(() => loadConfig(join(folder, 'none.json'), {})).toThrow('cannot be read');
    expect(() => loadConfig(join(folder, 'secret'), {})).toThrow('is not JSON');
  });

  it('looks for files beside itself', () => {
    const path = join(folder, 'credmint.config.json');
    writeFileSync(path, JSON.stringify({ callers: { ci: { accessKey: { id: 'A', secret: 'file:secret' } } } }));
    expect(loadConfig(path, {}).keys[0]?.secret.reveal()).toBe('from-a-file');
  });
});
