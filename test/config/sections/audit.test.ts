import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { keyId } from '../../../lib/audit/keys.ts';
import { readConfig } from '../../../lib/config/load.ts';
import { configFaults } from '../../support/expect-refusal.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pair = generateKeyPairSync('ed25519');
const older = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
writeFileSync(join(folder, 'audit.pem'), pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
writeFileSync(join(folder, 'ec.pem'), ec.privateKey.export({ type: 'pkcs8', format: 'pem' }));

const environment = {
  OLDER: older.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  AWS_ACCESS_KEY_ID: 'ASIAFUNCTION',
  AWS_SECRET_ACCESS_KEY: 'the-secret',
  AWS_SESSION_TOKEN: 'the-token',
};
const read = (audit: unknown) => readConfig({ audit }, { folder, environment }).audit;
const faultsOf = (audit: unknown): readonly string[] => configFaults(() => read(audit));

describe('the audit section', () => {
  it('may be missing: lines to standard output, not chained', () => {
    expect(readConfig({}, { folder, environment }).audit).toEqual({
      sink: { kind: 'stdout' },
      checkpoint: { everyRecords: 100, everySeconds: 60 },
    });
  });

  it('finds its keys as PEM in files and as base64 in the environment', () => {
    const { keys } = read({ key: 'file:audit.pem', olderKeys: ['env:OLDER'] });

    expect(keys?.current.id).toBe(keyId(pair.publicKey));
    expect(keys?.older.map(({ id }) => id)).toEqual([keyId(older.publicKey)]);
  });

  it('puts a file beside itself', () => {
    expect(read({ sink: { kind: 'file', path: 'audit.jsonl' } }).sink).toEqual({
      kind: 'file',
      path: join(folder, 'audit.jsonl'),
      sync: false,
    });
  });

  it.each([
    ['s3', 'https://logs.s3.eu-central-1.amazonaws.com', { prefix: 'audit/' }],
    ['sqs', 'https://sqs.eu-central-1.amazonaws.com/123456789012/audit.fifo', {}],
  ])('takes the key of %s from the platform', async (kind, endpoint, more) => {
    const key = { id: 'env:AWS_ACCESS_KEY_ID', secret: 'env:AWS_SECRET_ACCESS_KEY', token: 'env:AWS_SESSION_TOKEN' };
    const { sink } = read({ sink: { kind, endpoint, region: 'eu-central-1', key, ...more } });
    if (sink.kind !== 's3' && sink.kind !== 'sqs') throw new Error(sink.kind);
    const { id, secret, token } = await sink.key(AbortSignal.timeout(60_000));

    expect([sink.endpoint.href.startsWith(endpoint), id, secret.reveal(), token?.reveal()]).toEqual([
      true,
      'ASIAFUNCTION',
      'the-secret',
      'the-token',
    ]);
  });

  it.each([
    [
      'a key that is not Ed25519',
      { key: 'file:ec.pem' },
      'audit.key: must refer to an Ed25519 private key, as PEM or base64 of its DER',
    ],
    [
      'a key that is none',
      { key: 'env:AWS_SESSION_TOKEN' },
      'audit.key: must refer to an Ed25519 private key, as PEM or base64 of its DER',
    ],
    ['a key that is not there', { key: 'env:NOWHERE' }, 'audit.key: refers to env:NOWHERE, which is missing or empty'],
    [
      'a checkpoint for nothing',
      { checkpoint: { everyRecords: 0 } },
      expect.stringMatching(/^audit\.checkpoint\.everyRecords: /),
    ],
    [
      'a prefix that leads elsewhere',
      {
        sink: {
          kind: 's3',
          endpoint: 'https://b.example',
          region: 'r',
          prefix: 'a b',
          key: { id: 'i', secret: 'env:OLDER' },
        },
      },
      'audit.sink.prefix: must be empty, or names that each end in /',
    ],
    [
      'a sink over plain http',
      { sink: { kind: 'sqs', endpoint: 'http://q.example/1/q', region: 'r', key: { id: 'i', secret: 'env:OLDER' } } },
      'audit.sink.endpoint: must be https, or http on loopback',
    ],
    ['a sink that nobody knows', { sink: { kind: 'syslog' } }, expect.stringMatching(/^audit\.sink/)],
  ])('says what is wrong with %s', (_, audit, fault) => {
    expect(faultsOf(audit)).toEqual([fault]);
  });
});
