import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalAccess } from '../lib/laptop/local-state.ts';
import { start } from './processes/child.ts';
import type { Load } from './processes/load.ts';
import type { Usage } from './processes/report.ts';
import { type Cell, plain, type Table } from './table.ts';

/** Mints so far, at which the server is asked how much it holds. */
const milestones = [0, 20_000, 40_000, 60_000, 80_000, 100_000];

/** What the laptop's server holds when idle and as it mints, right after it has collected its garbage. */
export const memory = async (): Promise<readonly Table[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-bench-'));
  const laptop = await start(new URL('./processes/laptop-server.ts', import.meta.url), [folder], ['--expose-gc']);
  const client = await start(new URL('./processes/load.ts', import.meta.url));
  const access = laptop.ready as LocalAccess;
  const rows: Cell[][] = [];
  let minted = 0;
  for (const milestone of milestones) {
    for (; minted < milestone; minted += 10_000) {
      await client.ask({ url: access.url, access, connections: 16, count: 10_000 } satisfies Load);
    }
    const { resident, reserved, heap } = (await laptop.ask({})) as Usage;
    const mints = milestone === 0 ? 'idle' : milestone.toLocaleString('en');
    rows.push([mints, plain(resident), plain(reserved), plain(heap, 1)]);
  }
  await Promise.all([laptop.stop(), client.stop()]);
  rmSync(folder, { recursive: true, force: true });
  return [
    {
      title: "Memory of the laptop's server, in MiB",
      columns: ['mints', 'resident', 'reserved by V8', "JavaScript's values"],
      rows,
      notes: ['What V8 reserves for new values it grows under load, to a bound; what is kept are the values.'],
    },
  ];
};
