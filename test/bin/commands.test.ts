import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSecret } from '../../lib/config/sealed-secret.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';

let app: LaptopApp;
let config: string;
const folder = mkdtempSync(join(tmpdir(), 'credmint-cli-'));

beforeAll(async () => {
  app = await openLaptopApp();
  config = join(app.folder, 'credmint.config.json');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await app.close();
});

const credmint = (args: readonly string[], input = '') => {
  const bin = fileURLToPath(new URL('../../bin/credmint.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    input,
    env: { PATH: process.env['PATH'] },
  });
  return { status, stdout, stderr };
};

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('credmint', () => {
  it('says what it can do', () => {
    const { status, stdout, stderr } = credmint([]);
    expect(status).toBe(0);
    for (const name of ['check', 'explain', 'prove', 'doctor', 'audit', 'open', 'seal'])
      expect(stdout + stderr).toContain(name);
  });

  it('knows no other command, and no other option', () => {
    expect(credmint(['mint']).status).toBe(2);
    const { status, stderr } = credmint(['check', '--nonsense']);
    expect(status).toBe(2);
    expect(stderr).toContain('credmint check');
  });
});

describe('credmint check', () => {
  it('says who may have what in the laptop’s configuration', () => {
    const { status, stdout } = credmint(['check', '--config', config]);
    expect(status).toBe(0);
    expect(stdout).toContain('local may have AssumeRole');
    expect(stdout).toContain(app.access.roles['aws']);
  });

  it('names every fault of a configuration by its path, and no value', () => {
    const broken = file(
      'broken.json',
      JSON.stringify({
        accounts: { prod: { cloud: 'aws', endpoint: 'http://evil.example/', key: { id: 'A', secret: 'hunter2' } } },
      }),
    );
    const { status, stderr } = credmint(['check', '--config', broken]);
    expect(status).toBe(2);
    expect(stderr).toContain('accounts.prod.endpoint');
    expect(stderr).toContain('accounts.prod.key.secret');
    expect(stderr).not.toContain('hunter2');
  });

  it('assumes that a secret which is kept elsewhere exists, and does not fetch it', () => {
    const remote = {
      accounts: {
        prod: {
          cloud: 'aws',
          endpoint: 'https://sts.eu-central-1.amazonaws.com/',
          key: { id: 'AKIAPROD', secret: 'ssm:/prod/secret' },
        },
      },
    };
    const { status, stdout } = credmint(['check', '--config', file('remote.json', JSON.stringify(remote))]);
    expect([status, stdout]).toEqual([0, expect.stringContaining('1 account, 0 grants')]);
  });

  it('fails on warnings with --strict', () => {
    expect(credmint(['check', '--config', config]).stdout).toContain('Warnings');
    expect(credmint(['check', '--config', config, '--strict']).status).toBe(1);
  });
});

describe('credmint explain', () => {
  it('says that a request would be allowed, and by which grant', () => {
    const token = file('token', app.access.token);
    const args = [
      'explain',
      '--config',
      config,
      '--token-file',
      token,
      '--account',
      'aws',
      '--role',
      app.access.roles['aws'] ?? '',
    ];
    const { status, stdout } = credmint(args);
    expect([status, stdout]).toEqual([0, expect.stringContaining('by the grant local-aws')]);
  });

  it('says that it would not, and which clause is not met', () => {
    const { status, stdout } = credmint([
      'explain',
      '--config',
      config,
      '--caller',
      'local',
      '--account',
      'aws',
      '--role',
      'arn:aws:iam::1:role/x',
    ]);
    expect(status).toBe(1);
    expect(stdout).toContain('RoleNotGranted');
    expect(stdout).toContain('local-aws: roles should be');
  });

  it('says either to programs, too', () => {
    const ask = ['explain', '--json', '--config', config, '--caller', 'local', '--account', 'aws', '--role'];
    const allowed = credmint([...ask, app.access.roles['aws'] ?? '', '--action', 's3:GetObject']);
    expect(JSON.parse(allowed.stdout)).toMatchObject({
      isAllowed: true,
      minted: { caller: 'local', account: 'aws', grant: 'local-aws', operation: 'AssumeRole', durationSeconds: 3600 },
      action: { isAllowed: expect.any(Boolean) },
    });
    const refused = credmint([...ask, 'arn:aws:iam::1:role/x']);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      isAllowed: false,
      lines: [expect.stringContaining('RoleNotGranted')],
    });
    expect(refused.status).toBe(1);
  });

  it.each([
    ['--operation', 'Frob'],
    ['--at', 'yesterday'],
    ['--ip', 'banana'],
    ['--dialect', 'klingon'],
    ['--account', 'nowhere'],
    ['--duration', 'long'],
  ])('refuses a word that it does not know: %s %s', (option, word) => {
    const { status, stderr } = credmint(['explain', '--config', config, '--caller', 'local', option, word]);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`${option} must be`)]);
  });

  it.each([
    ['GetFederationToken', 'ucloud', 'The dialect ucloud has no GetFederationToken.'],
    ['GetSessionToken', 'json', 'The dialect json has no GetSessionToken.'],
    ['AssumeRoleWithWebIdentity', 'aws', 'AssumeRoleWithWebIdentity is proven by a token, not by a key.'],
  ])('refuses what nobody can ask a server for: %s in %s', (operation, dialect, why) => {
    const asked = ['--caller', 'local', '--operation', operation, '--dialect', dialect];
    const { status, stderr } = credmint(['explain', '--config', config, ...asked]);
    expect([status, stderr]).toEqual([2, expect.stringContaining(why)]);
  });
});

describe('credmint doctor', () => {
  const requestFile = (secret: string, host: string): string => {
    const url = new URL(app.url);
    const request = sign(
      {
        method: 'POST',
        scheme: 'http',
        host,
        path: '/',
        query: '',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Action=GetCallerIdentity&Version=2011-06-15',
      },
      { id: app.access.accessKey.id, secret: new Secret(secret) },
      { now: new Date(), region: 'us-east-1', service: 'sts' },
    );
    const headers = Object.entries({ host: url.host, ...request.headers }).map(([name, value]) => `${name}: ${value}`);
    return file('request.txt', `POST / HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${request.body}`);
  };

  it.each([
    ['nothing is wrong', undefined, undefined, 'Valid', 0],
    ['the vendor’s host was signed', undefined, 'sts.amazonaws.com', 'HostSigned', 1],
    ['the secret is another', 'another', undefined, 'WrongSecret', 1],
  ])('says that %s', (_, secret, host, code, status) => {
    const path = requestFile(secret ?? app.access.accessKey.secret, host ?? new URL(app.url).host);
    const result = credmint(['doctor', path, '--config', config]);
    expect([result.status, result.stdout]).toEqual([status, expect.stringContaining(`${code}:`)]);
    expect(result.stdout).not.toContain(app.access.accessKey.secret);
  });

  it('says what a request file must be', () => {
    expect(credmint(['doctor', file('nonsense', 'hello'), '--config', config]).status).toBe(2);
  });
});

describe('credmint seal', () => {
  it('seals a secret so that it opens under its ring, for its key id alone', () => {
    const material = 'r'.repeat(43);
    const { status, stdout } = credmint(['seal', 'AKIDCI', '--ring', file('ring', material)], 'hunter2\n');
    expect(status).toBe(0);
    expect(stdout).not.toContain('hunter2');
    const ring = keyring(new Secret(material));
    expect(openSecret(ring, 'AKIDCI', stdout.trim())?.reveal()).toBe('hunter2');
    expect(openSecret(ring, 'AKIDOTHER', stdout.trim())).toBeUndefined();
  });
});

describe('credmint open', () => {
  it('says that a refusal has no credentials, and why', () => {
    const key = file('key-of-refused.json', readFileSync(join(app.folder, 'keys/recipient.json'), 'utf8'));
    const data = { code: 'AccessDenied', detail: 'No grant of this caller\n\u001b[2Jallows this role.' };
    const refusal = JSON.stringify({ type: 'credmint.mint.refused', data });
    expect(credmint(['open', '-', '--key', key], refusal)).toEqual({
      status: 1,
      stdout: '',
      stderr: 'The request was refused: AccessDenied: No grant of this caller [2Jallows this role.\n',
    });
    expect(credmint(['open', '-', '--key', key], '{"replies":[]}')).toMatchObject({
      status: 1,
      stderr: 'There are no credentials in this reply.\n',
    });
  });

  it('says no more than that a reply cannot be opened', () => {
    const key = readFileSync(join(app.folder, 'keys/recipient.json'), 'utf8');
    const { status, stderr } = credmint([
      'open',
      file('reply.json', '{"data":{"jwe":"a.b.c.d.e"}}'),
      '--key',
      file('key.json', key),
    ]);
    expect(status).toBe(1);
    expect(stderr).toBe('The reply cannot be opened with this key.\n');
  });
});
