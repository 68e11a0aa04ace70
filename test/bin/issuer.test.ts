import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { issuer } from '../../bin/commands/issuer.ts';
import { documentsFunction } from '../../lib/app/functions/documents.ts';
import { clouds } from '../../lib/clouds/dialects.ts';
import { rsaPem } from '../support/keyless-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-issuer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = async (config: object) => {
  const path = join(folder, 'credmint.config.json');
  writeFileSync(path, JSON.stringify(config));
  const said = { stdout: '', stderr: '' };
  const writer = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text;
    },
  });
  const io = { clouds, stdout: writer('stdout'), stderr: writer('stderr'), environment: { PEM: rsaPem() } };
  return { status: await issuer.run(['--config', path], io), ...said };
};

const url = 'https://id.example.com';
const event = (path: string) => ({
  version: '2.0',
  rawPath: path,
  rawQueryString: '',
  headers: {},
  requestContext: { http: { method: 'GET', sourceIp: '192.0.2.1' } },
  isBase64Encoded: false,
});

describe('credmint issuer', () => {
  it('writes what the function of the documents serves, and nothing of the private key', async () => {
    const { status, stdout } = await run({ issuer: { url, keys: ['env:PEM'] } });
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/PRIVATE|"(d|p|q|dp|dq|qi)":/);
    const path = join(folder, 'credmint.issuer.json');
    writeFileSync(path, stdout);
    const handler = documentsFunction(path);
    const reply = (await handler(event('/.well-known/jwks.json'), {})) as { statusCode: number; body: string };
    expect([reply.statusCode, JSON.parse(reply.body).keys.length]).toEqual([200, 1]);
    const other = (await handler(event('/token'), {})) as { statusCode: number };
    expect(other.statusCode).toBe(404);
  });

  it('says that there is no issuer', async () => {
    const { status, stderr } = await run({});
    expect([status, stderr]).toEqual([2, 'The configuration has no issuer.\n']);
  });
});

describe('the function of the documents', () => {
  it('has none without a file', async () => {
    const handler = documentsFunction(join(folder, 'missing.json'));
    const reply = (await handler(event('/.well-known/jwks.json'), {})) as { statusCode: number };
    expect(reply.statusCode).toBe(404);
  });
});
