import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clouds, spec } from '../../functions/sts.ts';
import type { AppDeps } from '../../lib/app/deps.ts';
import type { AuditRecord } from '../../lib/core/audit.ts';
import { openLaptop } from '../../lib/laptop/laptop.ts';
import type { LocalAccess } from '../../lib/laptop/local-state.ts';
import type { RunSummary } from '../../lib/leases/run.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';

/** A laptop's server of a test's own, on a free port, with a clock that the test may move. */
export interface House {
  readonly url: string;
  readonly access: LocalAccess;
  readonly folder: string;
  /** Every audit record so far. */
  readonly records: AuditRecord[];
  /** Milliseconds by which the server's clock is ahead of the true one. */
  skew: number;
  /** One run of the schedule, which nothing else starts here. */
  keepFresh(): Promise<RunSummary>;
  close(): Promise<void>;
}

export const openHouse = async (changes: Partial<AppDeps> = {}): Promise<House> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-'));
  const records: AuditRecord[] = [];
  const now = () => new Date(Date.now() + app.skew);
  const appDeps: AppDeps = {
    store: memoryStore(now),
    transport: nodeTransport(),
    audit: async (record) => {
      records.push(record);
    },
    now,
    nonce: () => randomInt(1, 2 ** 47),
    ...changes,
  };
  const app: House = {
    url: '',
    access: undefined as never,
    folder,
    records,
    skew: 0,
    keepFresh: undefined as never,
    close: async () => undefined,
  };
  const laptop = await openLaptop(spec, clouds, { folder, host: '127.0.0.1', port: 0 }, appDeps);
  return Object.assign(app, {
    url: laptop.access.url,
    access: laptop.access,
    keepFresh: () =>
      laptop.keepFresh({ signal: AbortSignal.timeout(10_000), until: new Date(now().getTime() + 10_000) }),
    close: async () => {
      laptop.server.closeAllConnections();
      await new Promise((resolve) => laptop.server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  });
};
