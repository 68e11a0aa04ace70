import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openReply } from '../../lib/delivery/open.ts';
import { functionNames } from '../../scripts/bundle.ts';
import { readConfiguration } from '../../scripts/package/configuration.ts';
import { packageFunctions } from '../../scripts/package/package-functions.ts';
import { timerOf } from '../../scripts/tencent/schedule.ts';
import { installedNode, invoke, type Outcome, recorded } from '../support/packaged/deployed.ts';
import { signed } from '../support/packaged/signed.ts';
import { configuration, environment, openUpstream, ours, type Upstream } from '../support/packaged/upstream.ts';
import { eventsIn, openReceiver } from '../support/receiver.ts';

// What `npm run package:tencent` makes, unpacked and run by the Node that SCF has, on documents as SCF sends them.

const folder = mkdtempSync(join(tmpdir(), 'credmint-scf-package-'));
const zips = new Map<string, Buffer>();
const options = { target: 'tencent', secretsAllowed: false } as const;
// Replies to SQS need a key of AWS, which a deployment hands on.
const awsVariables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'];
let packageAgain: (to: string) => ReturnType<typeof packageFunctions>;
let upstream: Upstream;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
let recipient: { readonly publicKey: JWK; readonly privateKey: JWK };

beforeAll(async () => {
  receiver = await openReceiver();
  upstream = await openUpstream();
  const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
  recipient = { publicKey: await exportJWK(pair.publicKey), privateKey: await exportJWK(pair.privateKey) };
  const config = join(folder, 'credmint.config.json');
  writeFileSync(config, JSON.stringify(configuration(upstream.access, receiver.url)));
  packageAgain = (to) =>
    packageFunctions('tencent', readConfiguration(config, { ...options, variables: awsVariables }), join(folder, to));
  for (const { name, zip } of await packageAgain('packages')) {
    zips.set(name, zip);
    mkdirSync(join(folder, name));
    for (const [path, content] of Object.entries(unzipSync(zip))) writeFileSync(join(folder, name, path), content);
  }
}, 120_000);
beforeEach(() => {
  receiver.arrived.length = 0;
});
afterAll(async () => {
  await upstream.close();
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (name: string, event: unknown): Promise<Outcome> =>
  invoke({
    folder: join(folder, name),
    bundle: 'index.js',
    event,
    node: installedNode(20) ?? process.execPath,
    env: environment(upstream.access, recipient.publicKey),
  });

describe('a package for SCF', () => {
  it.each(functionNames())(
    'holds of %s its code, and the configuration if it reads one, below what the API takes',
    (name) => {
      const zip = zips.get(name) ?? Buffer.alloc(0);

      expect(Object.keys(unzipSync(zip))).toEqual([
        ...(['health', 'issuerDocuments'].includes(name) ? [] : ['credmint.config.json']),
        'index.js',
      ]);
      // In base64, of which a request may have 20 MB; and small enough to start soon.
      expect(zip.length).toBeLessThan(600_000);
    },
  );

  it('is the same bytes from the same sources', async () => {
    for (const { name, zip } of await packageAgain('again')) {
      expect(zip.equals(zips.get(name) ?? Buffer.alloc(0)), name).toBe(true);
    }
  });

  it.each(['scf', 'url'])('mints behind %s', async (shape) => {
    const account = 'tencent-v3';
    const body = JSON.stringify({ account, roleArn: upstream.access.roles[account], roleSessionName: 'ci' });
    const { reply, log } = await run('assumeRole', await signed({ ...recorded(`assumeRole.${shape}`), body }, ours));

    expect(reply.statusCode, `${reply.body}${log}`).toBe(200);
    const { credentials } = JSON.parse(reply.body ?? '');
    expect(Date.parse(credentials.expiration)).toBeGreaterThan(Date.now());
    expect(log).not.toContain(credentials.secretAccessKey);
  });

  it.each(['timer', 'cos', 'ckafka'])('mints on a document of %s', async (source) => {
    const role = upstream.access.roles['aws'] ?? '';
    const event = JSON.parse(JSON.stringify(recorded(`mintOnEvent.${source}`)).replaceAll('ROLE-OF-THE-TEST', role));
    const { reply, log } = await run('mintOnEvent', event);

    expect(reply, log).toEqual({ batchItemFailures: [] });
    const { credentials } = await openReply(eventsIn(receiver.arrived)[0], recipient.privateKey);
    expect(Date.parse(credentials.expiration)).toBeGreaterThan(Date.now());
  });

  it('refreshes leases when its timer says so', async () => {
    const { reply, log } = await run('refreshLeases', recorded('refreshLeases.timer'));

    expect(reply, log).toMatchObject({ refreshed: 1, failed: 0 });
    expect(receiver.arrived).toHaveLength(1);
  });
});

describe('a timer of SCF', () => {
  it.each([
    ['rate(1 minute)', '0 */1 * * * * *'],
    ['rate(15 minutes)', '0 */15 * * * * *'],
    ['rate(6 hours)', '0 0 */6 * * * *'],
  ])('for %s is %s', (rate, fields) => {
    expect(timerOf(rate)).toBe(fields);
  });

  it.each(['rate(7 minutes)', 'rate(2 days)', 'cron(0 12 * * ? *)'])('is not made up for %s', (rate) => {
    expect(() => timerOf(rate)).toThrow(rate);
  });
});
