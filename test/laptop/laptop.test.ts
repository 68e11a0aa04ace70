import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clouds, spec } from '../../functions/sts.ts';
import { unlimitedAuditLog } from '../../lib/core/audit.ts';
import { type Laptop, openLaptop } from '../../lib/laptop/laptop.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';

let folder: string;
let home: string;
let host: string;
const open: Laptop[] = [];

const start = async (): Promise<Laptop> => {
  const now = () => new Date();
  const appDeps = {
    store: memoryStore(now),
    transport: nodeTransport(),
    audit: unlimitedAuditLog(async () => undefined),
    now,
    nonce: () => randomInt(1, 2 ** 47),
  };
  const laptop = await openLaptop(spec, clouds, { folder: join(folder, home), host, port: 0 }, appDeps);
  open.push(laptop);
  return laptop;
};
const stop = async (laptop: Laptop): Promise<void> => {
  laptop.server.closeAllConnections();
  await new Promise((resolve) => laptop.server.close(resolve));
  await laptop.close();
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'credmint-laptop-'));
  home = 'home';
  host = '127.0.0.1';
});
afterEach(async () => {
  for (const laptop of open.splice(0)) if (laptop.server.listening) await stop(laptop);
  rmSync(folder, { recursive: true, force: true });
});

const mint = async ({ access }: Laptop, token = access.token) => {
  const answer = await fetch(`${access.url}/assumeRole`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'aws', roleArn: access.roles['aws'], roleSessionName: 'me' }),
  });
  return answer.status;
};

describe('the first start', () => {
  it('writes all that a caller needs, in the form that is promised', async () => {
    const { access } = await start();
    const written = JSON.parse(readFileSync(join(folder, 'home', 'local.json'), 'utf8'));
    expect(written).toEqual(access);
    expect(Object.keys(written)).toEqual(['url', 'accessKey', 'token', 'accounts', 'roles']);
    expect([...written.accounts].sort()).toEqual(clouds.map(({ id }) => id).sort());
    for (const { id, naming } of clouds) {
      const { accounts, authority } = JSON.parse(readFileSync(join(folder, 'home', 'credmint.config.json'), 'utf8'));
      expect(accounts[id].cloud).toBe(id);
      expect(written.roles[id]).toBe(naming.roles(authority.accountIds[id], 'demo', '')[0]);
    }
    expect(written.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('writes files that only their owner can read', async () => {
    await start();
    const look = (path: string): void => {
      const { mode } = statSync(path);
      expect([path, mode & 0o077]).toEqual([path, 0]);
      if (statSync(path).isDirectory()) for (const name of readdirSync(path)) look(join(path, name));
    };
    look(join(folder, 'home'));
  });

  it('has an account without a key, which its authority trusts by the issuer of the same server', async () => {
    const { access } = await start();
    const headers = { authorization: `Bearer ${access.token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ account: 'keyless', roleArn: access.roles['aws'], roleSessionName: 'me' });
    const answer = await fetch(`${access.url}/assumeRole`, { method: 'POST', headers, body });
    expect([answer.status, ((await answer.json()) as { account: string }).account]).toEqual([200, 'keyless']);
  });

  it('exchanges its token for one of its issuer, which its published keys verify', async () => {
    const { access } = await start();
    const answer = await fetch(`${access.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: access.token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        audience: 'https://api.example',
      }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    const keys = createRemoteJWKSet(new URL(`${access.url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(token, keys, { issuer: access.url, audience: 'https://api.example' });
    expect(payload.sub).toBe('caller:local');
  });

  it('serves at once', async () => {
    const laptop = await start();
    expect(await mint(laptop)).toBe(200);
    expect((await fetch(`${laptop.access.url}/health`)).status).toBe(200);
    const figures = await (await fetch(`${laptop.access.url}/metrics`)).text();
    expect(figures).toMatch(/credmint_requests_total\{[^}]*operation="AssumeRole"[^}]*\} [1-9]/);
  });
});

describe('a folder', () => {
  it('is one server’s: a second one is told which has it, and changes nothing', async () => {
    const first = await start();
    const before = readFileSync(join(folder, 'home', 'local.json'), 'utf8');
    await expect(start()).rejects.toThrow(
      `${join(folder, 'home')} is in use by the server at ${first.access.url} (process ${process.pid})`,
    );
    expect(readFileSync(join(folder, 'home', 'local.json'), 'utf8')).toBe(before);
    expect(await mint(first)).toBe(200);
  });
});

describe('a server that listens at every address', () => {
  it('has accounts, and an issuer, that this machine reaches by loopback', async () => {
    host = '0.0.0.0';
    const laptop = await start();
    expect(new URL(laptop.listensAt).hostname).toBe('0.0.0.0');
    expect(new URL(laptop.access.url).hostname).toBe('127.0.0.1');
    expect(await mint(laptop)).toBe(200);
  });
});

describe('a later start', () => {
  it('keeps keys and names, though the address is another', async () => {
    const first = await start();
    await stop(first);
    const second = await start();
    expect(second.access.accessKey).toEqual(first.access.accessKey);
    expect(second.access.roles).toEqual(first.access.roles);
    expect(await mint(second)).toBe(200);
  });

  it('takes the triads of the one before', async () => {
    const first = await start();
    const answer = await fetch(`${first.access.url}/assumeRole`, {
      method: 'POST',
      headers: { authorization: `Bearer ${first.access.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ account: 'aws', roleArn: first.access.roles['aws'], roleSessionName: 'me' }),
    });
    const { credentials } = (await answer.json()) as { credentials: Record<string, string> };
    await stop(first);
    const second = await start();
    const client = new STSClient({
      endpoint: second.access.url,
      region: 'us-east-1',
      credentials: {
        accessKeyId: credentials['accessKeyId'] ?? '',
        secretAccessKey: credentials['secretAccessKey'] ?? '',
        sessionToken: credentials['sessionToken'] ?? '',
      },
    });
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    client.destroy();
    expect(Arn).toMatch(/assumed-role\/demo\/me$/);
  });

  it('in another folder knows nothing of it', async () => {
    const first = await start();
    home = 'elsewhere';
    const second = await start();
    expect(second.access.accessKey.id).not.toBe(first.access.accessKey.id);
    expect(second.access.roles['aws']).not.toBe(first.access.roles['aws']);
    expect(await mint(second, first.access.token)).toBe(401);
  });
});
