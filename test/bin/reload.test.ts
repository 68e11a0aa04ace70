import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { certify } from '../support/certificates.ts';
import { type Cloud, openCloud } from '../support/fake-cloud.ts';
import { account, newFolder, type ServerProcess, signedAssume, startServer } from '../support/server-process.ts';
import { newKey, tokenOf } from '../support/token-issuer.ts';

let cloud: Cloud;
let server: ServerProcess | undefined;

beforeEach(async () => {
  cloud = await openCloud();
});
afterEach(async () => {
  await server?.close();
  await cloud.close();
});

const open = async (written: object, files: Readonly<Record<string, string>> = {}): Promise<ServerProcess> => {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  server = await startServer(
    { accounts: { aws: account(cloud.url) }, server: { noticeSeconds: 0 }, ...written },
    { folder },
  );
  return server;
};

const reread = async ({ child, says, folder }: ServerProcess, changes: object = {}): Promise<void> => {
  const path = join(folder, 'credmint.config.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...changes }));
  child.kill('SIGHUP');
  await says('the configuration was read again');
};

describe('a server that is told to read its configuration again', () => {
  const authority = certify({ subject: 'O=Acme, CN=CA', ca: true });
  const certificate = () => certify({ subject: 'CN=credmint', by: authority, ips: ['127.0.0.1'] });
  const tls = { cert: 'file:cert.pem', key: 'file:key.pem' };

  /** Connects, and resolves to the certificate that is shown. */
  const shown = ({ url }: ServerProcess): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), ca: authority.pem }, () => {
        resolve(socket.getPeerX509Certificate()?.toString() ?? '');
        socket.destroy();
      });
      socket.on('error', reject);
    });

  it('shows a certificate that was renewed, and the one before if the new one does not fit its key', async () => {
    const [old, young] = [certificate(), certificate()];
    const started = await open({ tls }, { 'cert.pem': old.pem, 'key.pem': old.keyPem });
    expect(await shown(started)).toBe(old.pem);
    writeFileSync(join(started.folder, 'cert.pem'), young.pem);
    started.child.kill('SIGHUP');
    expect(await started.says('the configuration was not read again')).toContain(
      'tls: the certificate and its key cannot be used together',
    );
    expect(await shown(started)).toBe(old.pem);
    writeFileSync(join(started.folder, 'key.pem'), young.keyPem);
    await reread(started);
    expect(await shown(started)).toBe(young.pem);
  });

  it('gives no caller a new burst', async () => {
    const accessKey = { id: 'AKIDCALLER', secret: 'env:CALLER' };
    const callers = { ci: { accessKey, requestsPerSecond: 0.01, burst: 2 } };
    const started = await open({ callers });
    const asked = async (): Promise<number> => (await started.assume('one')).status;
    expect([await asked(), await asked(), await asked()]).toEqual([200, 200, 429]);
    await reread(started, { explain: 'full' });
    expect(await asked()).toBe(429);
  });

  it('knows the keys of issuers that did not change, whatever becomes of the issuers', async () => {
    const key = newKey();
    let fetches = 0;
    const issuer = createServer((_, response) => {
      fetches++;
      response.end(JSON.stringify({ keys: [key.jwk] }));
    });
    await new Promise<void>((listening) => issuer.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    const jwt = { issuer: url, audience: 'credmint', jwks: `${url}/keys` };
    const started = await open({ callers: { ci: { jwt } } });
    const seconds = Math.floor(Date.now() / 1000);
    const asked = async (): Promise<number> => {
      const token = tokenOf(key, { iss: url, iat: seconds, exp: seconds + 600 });
      const answer = await fetch(new URL('/assumeRole', started.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: signedAssume(started.url, 'one').body,
      });
      return answer.status;
    };
    expect(await asked()).toBe(200);
    issuer.closeAllConnections();
    await new Promise((closed) => issuer.close(closed));
    await reread(started, { explain: 'full' });
    expect([await asked(), fetches]).toEqual([200, 1]);
  });
});

it('a server goes on when nobody reads its standard error any more', async () => {
  const started = await open({});
  started.child.stderr?.destroy();
  for (const name of ['one', 'two', 'three']) expect((await started.assume(name)).status).toBe(200);
  started.child.kill('SIGTERM');
  expect(await started.ended).toBe(0);
});
