import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalAccess } from '../lib/laptop/local-state.ts';
import { startRgw } from './processes/ceph.ts';
import { type Child, start } from './processes/child.ts';
import type { Load, LoadResult } from './processes/load.ts';
import type { Usage } from './processes/report.ts';
import { interleave, type Rounds, ratio, spread, spreadOf } from './rounds.ts';
import { atLeast, type Cell, rate, span, type Table } from './table.ts';

const rounds = 5;

const ours = 'AssumeRole by SigV4';
const ceph = 'AssumeRole by SigV4, Ceph RGW';
const floor = 'node:http, JSON';

const againstRgw = (name: string, measured: Rounds): Cell =>
  name === ceph ? '1' : atLeast(span(ratio(measured, name, ceph), 2), 2);

/** Requests in a round, by connections: enough to take a part of a second. */
const counts: Readonly<Record<number, number>> = { 1: 400, 16: 2_000 };
/** Requests before the first round, of each server alike: V8 compiles what is hot in the meantime. */
const warming = 24_000;

interface Side {
  /** Processor time of the server so far, in milliseconds. */
  processor(): number | Promise<number>;
  readonly load: Omit<Load, 'connections' | 'count'>;
}

/** AssumeRole over HTTP, each with a signature of its own, compared with a server that only parses and answers JSON. */
export const http = async (): Promise<readonly Table[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-bench-'));
  const laptop = await start(new URL('./processes/laptop-server.ts', import.meta.url), [folder]);
  const client = await start(new URL('./processes/load.ts', import.meta.url));
  const access = laptop.ready as LocalAccess;
  const put = async (load: Load): Promise<LoadResult> => (await client.ask(load)) as LoadResult;
  const warm = await put({ url: access.url, access, connections: 16, count: warming });
  const plain = await start(new URL('./processes/plain-server.ts', import.meta.url), [String(warm.bodyBytes)]);
  const { url } = plain.ready as { url: string };
  await put({ url, connections: 16, count: warming });

  const rgw = await startRgw();
  const of = async (server: Child): Promise<number> => ((await server.ask({})) as Usage).processor;

  const sides: Readonly<Record<string, Side>> = {
    [ours]: { processor: () => of(laptop), load: { url: access.url, access } },
    ...(rgw === undefined ? {} : { [ceph]: { processor: rgw.processor, load: { url: rgw.url, access: rgw.access } } }),
    [floor]: { processor: () => of(plain), load: { url } },
  };
  if (rgw !== undefined) await put({ url: rgw.url, access: rgw.access, connections: 16, count: warming });
  const rows: Cell[][] = [];
  for (const [connections, count] of Object.entries(counts)) {
    const clientShare = new Map<string, number[]>(Object.keys(sides).map((name) => [name, []]));
    const serverTime = new Map<string, number[]>(Object.keys(sides).map((name) => [name, []]));
    const measured = await interleave(Object.keys(sides), rounds, async (name) => {
      const side = sides[name];
      if (side === undefined) return Number.NaN;
      const before = await side.processor();
      const result = await put({ ...side.load, connections: Number(connections), count });
      const server = (await side.processor()) - before;
      serverTime.get(name)?.push((server * 1000) / count);
      clientShare.get(name)?.push((100 * result.processor) / (result.processor + server));
      return (count * 1000) / result.elapsed;
    });
    for (const name of Object.keys(sides)) {
      rows.push([
        name,
        connections,
        rate(spread(measured, name)),
        span(ratio(measured, name, floor), 2),
        rgw === undefined || name === floor ? '' : againstRgw(name, measured),
        span(spreadOf(serverTime.get(name) ?? []), 0),
        `${spreadOf(clientShare.get(name) ?? []).median.toFixed(0)} %`,
      ]);
    }
  }
  await Promise.all([laptop.stop(), plain.stop(), client.stop(), rgw?.stop()]);
  rmSync(folder, { recursive: true, force: true });
  return [
    {
      title: 'HTTP',
      columns: [
        'server',
        'connections',
        'answers/s',
        'times the limit',
        'times Ceph RGW',
        "server's us/answer",
        "client's share",
      ],
      rows,
      notes: [
        "Client and servers are processes of their own on the same processors. The client signs before the clock runs; its share is of both sides' processor time.",
        rgw === undefined
          ? 'Ceph RGW is not installed on this machine, so it was not measured.'
          : `Ceph RGW ${rgw.version} with one monitor and one OSD, whose store is memory, all three counted; it answers AssumeRole of a role of its own, signed in the same way.`,
      ],
      charts: [{ kind: 'bars', name: 'http', across: 'server', values: 'answers/s', by: 'connections', ours: [ours] }],
    },
  ];
};
