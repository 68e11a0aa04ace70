import { execFile, spawnSync } from 'node:child_process';
import { createHmac, randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../bin/commands/check.ts';
import type { Command } from '../../bin/commands/command.ts';
import { doctor } from '../../bin/commands/doctor.ts';
import { explain } from '../../bin/commands/explain.ts';
import { dropInSpec } from '../../lib/app/drop-in-spec.ts';
import { upstreams } from '../../lib/clouds/catalog.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import { readConfig } from '../../lib/config/load.ts';
import { type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { Account } from '../../lib/core/cloud.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { type Laptop, openLaptop } from '../../lib/laptop/laptop.ts';
import { welcome } from '../../lib/laptop/welcome.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { allowed } from '../support/allowed-request.ts';
import { describeClouds } from '../support/cloud-contract.ts';
import { acme, acmeUpstream } from '../support/smallest-cloud/cloud.ts';
import { sign, signature, stringToSign } from '../support/smallest-cloud/signer.ts';

// A cloud that lib has never heard of, from a made-up vendor. Nothing in lib knows its name; it is handed in.
const all = [...clouds, acme];

describeClouds([acme], all);

let folder: string;
let laptop: Laptop;
const records: AuditRecord[] = [];
const now = () => new Date();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'credmint-sixth-cloud-'));
  laptop = await openLaptop(
    dropInSpec(all),
    all,
    { folder, host: '127.0.0.1', port: 0 },
    {
      store: memoryStore(now),
      transport: nodeTransport(),
      audit: unlimitedAuditLog(async (record) => {
        records.push(record);
      }),
      now,
      nonce: () => randomInt(1, 2 ** 47),
    },
  );
});
afterAll(async () => {
  laptop.server.closeAllConnections();
  await new Promise((resolve) => laptop.server.close(resolve));
  await laptop.close();
  rmSync(folder, { recursive: true, force: true });
});

/** AssumeRole in Acme's words, signed by the laptop's own key. */
const signed = (): HttpRequest => {
  const { url, accessKey, roles } = laptop.access;
  const key = { id: accessKey.id, secret: new Secret(accessKey.secret) };
  const account: Account = { name: 'account', cloud: 'acme', endpoint: new URL(url), key };
  const role = roles['acme'] ?? '';
  const request = allowed<'AssumeRole'>(acme, account, { operation: 'AssumeRole', role, sessionName: 'me' });
  const unsigned = acme.provider.operations.AssumeRole?.encode(request, account);
  if (unsigned === undefined) throw new Error('Acme has AssumeRole.');
  return sign(unsigned, key, now());
};

const run = async (command: Command, args: readonly string[]) => {
  let text = '';
  const out = { write: (piece: string) => (text += piece) };
  const code = await command.run(args, { stdout: out, stderr: out, environment: {}, clouds: all });
  return { code, text };
};

it('signs as its steps say', () => {
  const request = { ...signed(), headers: {} };
  const date = '2026-11-22T01:02:03.000Z';
  const key = { id: 'id', secret: new Secret('secret') };
  const expected = createHmac('sha256', 'secret')
    .update(`POST\n${request.host}\n/acme/sts\n${date}\n${request.body}`)
    .digest('hex');
  expect(signature(stringToSign(request, date), key.secret)).toBe(expected);
  expect(sign(request, key, new Date(date)).headers['x-acme-signature']).toBe(expected);
});

it('is not asked for a session of a name that no cloud takes', () => {
  const account: Account = { name: 'account', cloud: 'acme', endpoint: new URL('https://sts.acme.example/') };
  const request = { operation: 'AssumeRole', role: 'r', sessionName: `${'a'.repeat(128)} b` } as const;
  const asked = allowed<'AssumeRole'>(acme, account, request);
  expect(() => acme.provider.operations.AssumeRole?.encode(asked, account)).toThrow(
    'roleSessionName must have 1 to 64 characters at this cloud.',
  );
});

describe('the configuration of a sixth cloud', () => {
  const written = (document: object) => ({
    accounts: {
      depot: { cloud: 'acme', endpoint: 'https://sts.acme.example/', key: { id: 'id', secret: 'env:SECRET' } },
    },
    grants: [
      {
        name: 'all',
        callers: ['session'],
        dialects: ['acme'],
        account: 'depot',
        operations: ['AssumeRole'],
        roles: ['**'],
      },
    ],
    authority: { keys: ['env:RING'], roles: { demo: { trust: ['*'], policies: { acme: document } } } },
  });
  const environment = { SECRET: 'a secret', RING: 'r'.repeat(32) };

  it('names its accounts, its dialect and its policies', () => {
    const sources = { folder, environment };
    const config = readConfig(written(acme.grammar.example), sources, [...upstreams, acmeUpstream]);
    expect(config.accounts.get('depot')?.cloud).toBe('acme');
    expect(config.authority?.roles[0]?.policies['acme']).toHaveLength(1);
  });

  it('is refused if a policy is not in its grammar', () => {
    const read = () => readConfig(written({ allow: [{ on: '*' }] }), { folder, environment }, all);
    expect(read).toThrow('authority.roles.demo.policies.acme: A rule must have do and on.');
  });

  it('is refused by a server that does not have the cloud', () => {
    const read = () => readConfig(written(acme.grammar.example), { folder, environment });
    expect(read).toThrow('accounts.depot.cloud');
  });
});

describe('a laptop with a sixth cloud', () => {
  it('mints from its account by the JSON API', async () => {
    const { url, token, roles, accounts } = laptop.access;
    expect(accounts).toContain('acme');
    const response = await fetch(`${url}/assumeRole?format=dotenv`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        account: 'acme',
        roleArn: roles['acme'],
        roleSessionName: 'me',
        policy: acme.grammar.example,
      }),
    });
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringMatching(/^ACME_KEY='ACME\w+'\nACME_SECRET='/),
    ]);
    // The server called itself: first it issued as Acme, then it answered.
    expect(records.slice(-2)).toMatchObject([
      { outcome: 'Done', dialect: 'acme', account: 'authority' },
      { outcome: 'Done', dialect: 'json', account: 'acme' },
    ]);
  });

  it('answers its dialect at the drop-in endpoint', async () => {
    const response = await nodeTransport()(signed(), AbortSignal.timeout(60_000));
    const credentials = acme.provider.normalize(response, 'AssumeRole');
    expect(credentials.accessKeyId).toMatch(/^ACME/);
    expect(records.at(-1)).toMatchObject({ outcome: 'Done', dialect: 'acme', caller: 'local' });
  });

  it.skipIf(spawnSync('sh', ['-c', 'command -v curl && command -v openssl']).status !== 0)(
    'prints a line that mints when it is pasted',
    async () => {
      const line = welcome(laptop, all).split('# Acme\n')[1]?.split('\n\nThe key')[0] ?? '';
      const { stdout: body } = await promisify(execFile)('sh', ['-c', `. '${laptop.envPath}'\n${line}`]);
      const credentials = acme.provider.normalize({ status: 200, headers: {}, body }, 'AssumeRole');
      expect(credentials.accessKeyId).toMatch(/^ACME/);
    },
  );
});

describe('the commands with a sixth cloud', () => {
  it('check its grants', async () => {
    const { code, text } = await run(check, ['--config', laptop.configPath]);
    expect([code, text]).toEqual([0, expect.stringContaining('in the account acme (acme)')]);
  });

  it('explain what a caller may have in its account', async () => {
    const role = laptop.access.roles['acme'] ?? '';
    const args = ['--config', laptop.configPath, '--caller', 'local', '--account', 'acme', '--role', role];
    expect(await run(explain, args)).toEqual({
      code: 0,
      text: expect.stringContaining('in the account acme, AssumeRole for 600 seconds.'),
    });
  });

  it('diagnose its signatures', async () => {
    const whole = signed();
    const file = (name: string, { host, headers, body }: HttpRequest): string => {
      const lines = Object.entries({ host, ...headers, 'content-length': Buffer.byteLength(body) });
      const path = join(folder, name);
      writeFileSync(
        path,
        `POST /acme/sts HTTP/1.1\r\n${lines.map(([field, value]) => `${field}: ${value}\r\n`).join('')}\r\n${body}`,
      );
      return path;
    };
    expect((await run(doctor, [file('right', whole), '--config', laptop.configPath])).text).toMatch(/^Valid/);
    const { accessKey } = laptop.access;
    const key = { id: accessKey.id, secret: new Secret(accessKey.secret) };
    const elsewhere = sign({ ...whole, host: 'sts.acme.example' }, key, now());
    const finding = await run(doctor, [
      file('wrong', { ...elsewhere, host: whole.host }),
      '--config',
      laptop.configPath,
    ]);
    expect(finding).toEqual({ code: 1, text: expect.stringContaining('signed the host sts.acme.example') });
  });
});

const root = new URL('../../', import.meta.url);
const files = readdirSync(new URL('test/support/smallest-cloud/', root));

/** Where a file of the fixture would stand in lib. */
const placeOf = (file: string): string => {
  if (file === 'signer.ts') return 'lib/signers/acme.ts';
  return file === 'grammar.ts' ? 'lib/policies/acme.ts' : `lib/clouds/acme/${file}`;
};

/** A file of the fixture with its imports as they would be in lib. */
const inLib = (file: string): string =>
  readFileSync(new URL(`test/support/smallest-cloud/${file}`, root), 'utf8').replace(/'(\.[^']*\.ts)'/g, (_, path) => {
    const target = path.startsWith('../') ? path.slice('../../../'.length) : placeOf(path.slice(2));
    const from = relative(dirname(placeOf(file)), target);
    return `'${from.startsWith('.') ? from : `./${from}`}'`;
  });

describe('the page on the smallest cloud', () => {
  const page = readFileSync(new URL('docs/smallest-cloud.md', root), 'utf8');

  it.each(files)('shows %s as it is tested here', (file) => {
    expect(page).toContain(`## ${placeOf(file)}\n`);
    expect(page).toContain(`\`\`\`ts\n${inLib(file)}\`\`\``);
  });

  it('is what CONTRIBUTING tells a newcomer to write', () => {
    const recipe = readFileSync(new URL('CONTRIBUTING.md', root), 'utf8').split('## Add a cloud')[1]?.split('\n## ')[0];
    for (const file of files) expect(recipe).toContain(`\`${placeOf(file).replace('acme', '<id>')}\``);
  });
});
