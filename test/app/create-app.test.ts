import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spec } from '../../functions/sts.ts';
import { type App, createApp } from '../../lib/app/create-app.ts';
import { readConfig } from '../../lib/config/load.ts';
import { unlimitedAuditLog } from '../../lib/core/audit.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { createLog } from '../../lib/telemetry/log.ts';
import { requestMetrics } from '../../lib/telemetry/request-metrics.ts';
import { ecPem } from '../support/keyless-pair.ts';

// What everything around the audit trail does together: the log, the metrics, the broker.
describe('an app whose disk is full', () => {
  let folder: string;
  let app: App;
  const lines: string[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'credmint-'));
    // Every write to it fails as on a full disk.
    symlinkSync('/dev/full', join(folder, 'audit.jsonl'));
    const config = readConfig(
      { audit: { sink: { kind: 'file', path: 'audit.jsonl' }, key: 'env:AUDIT' } },
      {
        folder,
        environment: {
          AUDIT: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
        },
      },
    );
    const now = () => new Date();
    const deps = {
      transport: () => Promise.reject(new Error('Nothing is asked of a cloud.')),
      now,
      nonce: () => 1,
      log: createLog({ level: 'info', form: 'json', write: (line) => lines.push(line), now }),
    };
    app = await createApp(spec, config, deps, requestMetrics().watched);
  });
  afterEach(async () => {
    await app.close({ signal: AbortSignal.abort() }).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers at the deadline, with 503 and Retry-After, and says why in its log', async () => {
    const raw = { method: 'POST', path: '/assumeRole', query: '', headers: {}, body: Buffer.from('{}') };
    const { status, headers, body } = await app.answer(raw, 500);
    expect({ status, after: headers['retry-after'], code: JSON.parse(body).code }).toEqual({
      status: 503,
      after: '1',
      code: 'Unavailable',
    });
    expect(lines.join('\n')).toContain('the audit record cannot be written, so nothing was given');
  });
});

describe('an app whose configuration is read again', () => {
  it('proves its accounts by the new issuer, though it keeps what was minted', async () => {
    const issuers: unknown[] = [];
    const configOf = (url: string) =>
      readConfig(
        {
          issuer: { url, keys: ['env:KEY'] },
          accounts: {
            aws: {
              cloud: 'aws',
              endpoint: 'https://sts.example/',
              webIdentity: { token: 'issuer', audience: 'sts.amazonaws.com' },
            },
          },
        },
        { folder: '.', environment: { KEY: ecPem('P-256') } },
      );
    const now = () => new Date();
    const deps = {
      transport: async ({ body }: { readonly body: string }) => {
        const token = new URLSearchParams(body).get('WebIdentityToken') ?? '';
        issuers.push(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).iss);
        return { status: 403, headers: {}, body: '' };
      },
      now,
      nonce: () => 1,
      store: memoryStore(now),
      audit: unlimitedAuditLog(async () => undefined),
    };
    const app = await createApp(spec, configOf('https://one.example'), deps as never);
    const role = 'arn:aws:iam::111122223333:role/demo';
    const allowed = {
      operation: 'AssumeRole',
      account: 'aws',
      caller: { name: 'ci', proof: 'accessKey' },
      grant: 'g',
      role,
      sessionName: 'run',
      durationSeconds: 900,
    };
    const mint = () =>
      app.brokerDeps.mint.fresh(allowed as never, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    const kept = app.brokerDeps.mint;
    await mint();
    app.reload(configOf('https://two.example'));
    await mint();
    expect(app.brokerDeps.mint).toBe(kept);
    expect(issuers).toEqual(['https://one.example', 'https://two.example']);
    await app.close();
  });
});
