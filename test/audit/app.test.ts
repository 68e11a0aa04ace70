import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../bin/commands/audit.ts';
import { clouds, spec } from '../../functions/sts.ts';
import { loadConfig } from '../../lib/config/load.ts';
import { type AuditLog, type AuditRecord, unlimitedAuditLog } from '../../lib/core/audit.ts';
import type { Account, Exchange } from '../../lib/core/cloud.ts';
import type { MintRequest } from '../../lib/core/requests.ts';
import { type Laptop, openLaptop } from '../../lib/laptop/laptop.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';

const now = () => new Date();
const transport = nodeTransport();
const appDeps = { store: memoryStore(now), transport, now, nonce: () => randomInt(1, 2 ** 47) };

interface Home {
  readonly folder: string;
  readonly laptop: Laptop;
  /** Stops serving, and ends the audit trail. */
  stop(): Promise<void>;
}

const openHome = async (log?: AuditLog): Promise<Home> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-'));
  const laptop = await openLaptop(
    spec,
    clouds,
    { folder, host: '127.0.0.1', port: 0 },
    { ...appDeps, ...(log === undefined ? {} : { audit: log }) },
  );
  return {
    folder,
    laptop,
    stop: async () => {
      laptop.server.closeAllConnections();
      await new Promise((resolve) => laptop.server.close(resolve));
      await laptop.close();
    },
  };
};

const mintByJson = (home: Home, account: string, token: string, session = 'me') =>
  transport(
    {
      method: 'POST',
      scheme: 'http',
      host: new URL(home.laptop.access.url).host,
      path: '/assumeRole',
      query: '',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        account,
        roleArn: home.laptop.access.roles[account] ?? 'arn:aws:iam::123456789012:role/none',
        roleSessionName: session,
        durationSeconds: 1800,
      }),
    },
    AbortSignal.timeout(60_000),
  );

/** Asks the drop-in endpoint for a role as the cloud's own client does. */
const mintByDialect = async (home: Home, id: string) => {
  const cloud = clouds.find((one) => one.id === id);
  const account = loadConfig(home.laptop.configPath, {}).accounts.get(id);
  if (cloud === undefined || account?.key === undefined) throw new Error(id);
  const { encode } = cloud.provider.operations.AssumeRole as Exchange<'AssumeRole'>;
  const asked = {
    operation: 'AssumeRole',
    role: home.laptop.access.roles[id],
    sessionName: 'me',
    durationSeconds: 1800,
  };
  const unsigned = encode(asked as unknown as MintRequest<'AssumeRole'>, account as Account);
  const signed = cloud.provider.sign(unsigned, account, account.key, { now: now(), nonce: appDeps.nonce() });
  const response = await transport(signed, AbortSignal.timeout(60_000));
  return { response, read: () => cloud.provider.normalize(response, 'AssumeRole') };
};

const run = async (...args: string[]) => {
  let said = '';
  const out = { write: (text: string) => (said += text) };
  const code = await audit.run(args, { stdout: out, stderr: out, clouds, environment: {} });
  return { code, said };
};

describe('a session of mints', () => {
  let home: Home;
  const secrets: string[] = [];
  let text = '';

  beforeAll(async () => {
    home = await openHome();
    const { token } = home.laptop.access;
    for (const account of home.laptop.access.accounts) {
      const { status, body } = await mintByJson(home, account, token);
      expect(status, body).toBe(200);
      const { secretAccessKey, sessionToken } = JSON.parse(body).credentials;
      secrets.push(secretAccessKey, sessionToken);
      expect((await mintByDialect(home, account)).read().accessKeyId).not.toBe('');
    }
    // What is refused may quote a secret too.
    await mintByJson(home, 'aws', `${token}x`);
    await mintByJson(home, 'nowhere', token);
    await home.stop();
    const keys = join(home.folder, 'keys');
    for (const name of readdirSync(keys)) {
      const kept = readFileSync(join(keys, name), 'utf8');
      if (/\.secret$|^authority$/.test(name)) secrets.push(kept.trim());
    }
    secrets.push(token, home.laptop.access.accessKey.secret);
    text = readFileSync(join(home.folder, 'audit.jsonl'), 'utf8');
  });
  afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

  it('leaves no secret in any line', () => {
    expect(secrets.length).toBeGreaterThan(15);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(8);
      expect(text).not.toContain(secret);
    }
  });

  it('leaves one record for each decision, with what was asked, given and how long it took', () => {
    const records = text.split('\n').flatMap((line) => (line.includes('credmint.decision') ? [JSON.parse(line)] : []));
    const ofJson = records.filter((record) => record['credmint.dialect'] === 'json');

    // One for each account, and two that are refused.
    expect(ofJson).toHaveLength(home.laptop.access.accounts.length + 2);
    expect(ofJson[0]).toMatchObject({
      'client.address': '127.0.0.1',
      'credmint.account': home.laptop.access.accounts[0],
      'credmint.caller.proof': 'jwt',
      'credmint.cloud': home.laptop.access.accounts[0],
      'credmint.duration.asked': 1800,
      'credmint.duration.given': 1800,
      'credmint.operation': 'AssumeRole',
      'credmint.outcome': 'Done',
      'credmint.session': 'me',
      'enduser.id': 'local',
    });
    for (const stage of ['parse', 'authenticate', 'authorize', 'mint', 'render', 'total']) {
      expect(ofJson[0][`credmint.latency.${stage}`], stage).toBeGreaterThan(0);
    }
    expect(ofJson.slice(-2).map((record) => record['credmint.outcome'])).toEqual([
      'InvalidIdentityToken',
      'AccessDenied',
    ]);
    // A stage that was not reached took no time at all.
    expect(ofJson.at(-2)).not.toHaveProperty(['credmint.latency.authorize']);
    expect(ofJson.at(-1)['credmint.denial.trace']).not.toHaveLength(0);
  });

  it('verifies with the key beside it', async () => {
    const log = join(home.folder, 'audit.jsonl');
    const key = join(home.folder, 'keys', 'audit.pub.pem');
    const { code, said } = await run('verify', log, '--key', key, '--complete');

    expect(said).toContain('The log is whole.');
    expect(said).toContain('unproven: 0 records');
    expect(code).toBe(0);
  });

  it('goes on with the same key and names what stood before, when the server starts again', async () => {
    const again = await openLaptop(spec, clouds, { folder: home.folder, host: '127.0.0.1', port: 0 }, appDeps);
    const next: Home = { ...home, laptop: again };
    await mintByDialect(next, 'aws');
    again.server.closeAllConnections();
    await new Promise((resolve) => again.server.close(resolve));
    await again.close();
    const log = join(home.folder, 'audit.jsonl');

    expect(readFileSync(log, 'utf8')).toContain('audit.checkpoint.after');
    expect(await run('verify', log, '--key', join(home.folder, 'keys', 'audit.pub.pem'), '--complete')).toMatchObject({
      code: 0,
    });
  });
});

describe('a record that cannot be written', () => {
  let home: Home;
  const records: AuditRecord[] = [];

  beforeAll(async () => {
    home = await openHome(
      unlimitedAuditLog(async (record) => {
        records.push(record);
        throw new Error('The disk is full.');
      }),
    );
  });
  afterAll(async () => {
    await home.stop();
    rmSync(home.folder, { recursive: true, force: true });
  });

  it.each(clouds.map(({ id }) => id))('lets no credentials out, and says so as %s says it', async (id) => {
    records.length = 0;
    const { response, read } = await mintByDialect(home, id);

    expect(records).toMatchObject([{ outcome: 'Done', dialect: id }]);
    expect(records[0]?.accessKeyId).toMatch(/./);
    expect(response.body).not.toContain(records[0]?.accessKeyId);
    // Its own client takes it for a failure of ours, not for credentials.
    expect(read).toThrow(expect.objectContaining({ name: 'StsError' }));
  });

  it('lets no credentials out by the JSON API', async () => {
    records.length = 0;
    const { status, body } = await mintByJson(home, 'aws', home.laptop.access.token);

    expect(status).toBeGreaterThanOrEqual(500);
    expect(JSON.parse(body)).toMatchObject({ code: 'Internal' });
    expect(body).not.toContain('credentials":');
  });
});
