import { generateKeyPairSync, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clouds, spec } from '../functions/sts.ts';
import { clockOf } from '../lib/app/clock.ts';
import { compose } from '../lib/app/compose.ts';
import { signingKey } from '../lib/audit/keys.ts';
import { fileSink } from '../lib/audit/sinks/file.ts';
import { type Chaining, openAuditTrail } from '../lib/audit/trail.ts';
import { createBroker } from '../lib/broker/broker.ts';
import type { IncomingRequest } from '../lib/broker/deps.ts';
import { type Config, loadConfig } from '../lib/config/load.ts';
import { type AuditLog, unlimitedAuditLog } from '../lib/core/audit.ts';
import type { Exchange } from '../lib/core/cloud.ts';
import type { HttpRequest } from '../lib/core/http.ts';
import type { MintRequest } from '../lib/core/requests.ts';
import { initialize } from '../lib/laptop/local-state.ts';
import { memoryStore } from '../lib/stores/memory.ts';
import { nodeTransport } from '../lib/transport/node-http.ts';
import { interleave, perSecond, ratio, spread } from './rounds.ts';
import { type Figure, rate, span, type Table } from './table.ts';

const rounds = 15;
const milliseconds = 400;
/** Callers at once: what arrives together is written together. */
const together = 16;
const now = () => new Date();
const forever = { signal: new AbortController().signal };
const clock = clockOf({ now });

const chaining: Chaining = {
  id: '0123456789abcdef0123456789abcdef',
  keys: { current: signingKey(generateKeyPairSync('ed25519').privateKey), older: [] },
  checkpoint: { everyRecords: 100, everySeconds: 60 },
};

/** A request that may be repeated: UCloud signs with neither clock nor nonce. */
const ucloudRequest = (config: Config, role: string): HttpRequest => {
  const cloud = clouds.find(({ id }) => id === 'ucloud');
  const account = config.accounts.get('ucloud');
  if (cloud === undefined || account?.key === undefined) throw new Error('The laptop has no UCloud.');
  const { encode } = cloud.provider.operations.AssumeRole as Exchange<'AssumeRole'>;
  const asked = { operation: 'AssumeRole', role, sessionName: 'bench', durationSeconds: 3600 };
  const unsigned = encode(asked as unknown as MintRequest<'AssumeRole'>, account);
  return cloud.provider.sign(unsigned, account, account.key, { now: now(), nonce: 1 });
};

/**
 * What the audit trail adds to a mint, in process, from the request's text to the answer's, minted by the built-in
 * authority. That is the fastest mint, so the trail's share is largest here.
 */
export const audit = async (): Promise<readonly Table[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-bench-'));
  try {
    const { configPath, access } = await initialize(folder, 'http://127.0.0.1:3000', clouds);
    const config = loadConfig(configPath, {});
    const request = ucloudRequest(config, access.roles['ucloud'] ?? '');
    const plain = await openAuditTrail(fileSink({ path: join(folder, 'plain.jsonl'), sync: false }), clock);
    const chained = await openAuditTrail(
      fileSink({ path: join(folder, 'chained.jsonl'), sync: false }),
      clock,
      chaining,
    );
    const logs: Readonly<Record<string, AuditLog>> = {
      'no record': unlimitedAuditLog(async () => undefined),
      'lines to a file': plain.record,
      'chained lines to a file': chained.record,
    };
    const mints = Object.fromEntries(
      Object.entries(logs).map(([name, log]) => {
        const appDeps = {
          store: memoryStore(now),
          transport: nodeTransport(),
          now,
          nonce: () => randomInt(1, 2 ** 47),
        };
        const broker = createBroker(compose(spec, config, { ...appDeps, audit: log }));
        const incoming: IncomingRequest = {
          request,
          requestId: '8e3c7a52-0a5d-4f43-9d5c-6a1f0b7c2d19',
          signal: AbortSignal.abort(),
        };
        const mint = async (): Promise<void> => {
          const { status, body } = await broker(incoming);
          if (status !== 200 || !body.includes('"RetCode":0')) throw new Error(body);
        };
        return [name, () => Promise.all(Array.from({ length: together }, mint))];
      }),
    );
    const names = Object.keys(mints);
    const results = await interleave(
      names,
      rounds,
      async (name) => together * (await perSecond(mints[name] ?? (() => undefined), milliseconds)),
    );
    await Promise.all([plain.close(forever), chained.close(forever)]);
    const against = (name: string, other: string): Figure => span(ratio(results, other, name), 2, ' x');
    return [
      {
        title: 'Audit: mints by the authority in a second of processor time',
        columns: ['record', 'mints/s', 'time against no record', 'time against lines'],
        rows: names.map((name) => [
          name,
          rate(spread(results, name)),
          against(name, 'no record'),
          name === 'no record' ? '' : against(name, 'lines to a file'),
        ]),
        notes: [`${together} callers at once; a signed checkpoint every ${chaining.checkpoint.everyRecords} records.`],
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
