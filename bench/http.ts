import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalAccess } from '../lib/laptop/local-state.ts';
import { type Child, start } from './processes/child.ts';
import type { Load, LoadResult } from './processes/load.ts';
import type { Usage } from './processes/report.ts';
import { interleave, ratio, spread, spreadOf } from './rounds.ts';
import { rate, span, type Table } from './table.ts';

const rounds = 7;

/** Requests in a round, by connections: enough to take about a second. */
const counts: Readonly<Record<number, number>> = { 1: 1_500, 16: 5_000 };

interface Side {
  readonly server: Child;
  readonly load: Omit<Load, 'connections' | 'count'>;
}

/** AssumeRole over HTTP, each with a signature of its own, compared with a server that only parses and answers JSON. */
export const http = async (): Promise<readonly Table[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-bench-'));
  const laptop = await start(new URL('./processes/laptop-server.ts', import.meta.url), [folder]);
  const client = await start(new URL('./processes/load.ts', import.meta.url));
  const access = laptop.ready as LocalAccess;
  const put = async (load: Load): Promise<LoadResult> => (await client.ask(load)) as LoadResult;
  const warm = await put({ url: access.url, access, connections: 16, count: 10_000 });
  const plain = await start(new URL('./processes/plain-server.ts', import.meta.url), [String(warm.bodyBytes)]);
  const { url } = plain.ready as { url: string };
  await put({ url, connections: 16, count: 10_000 });

  const sides: Readonly<Record<string, Side>> = {
    'AssumeRole by SigV4': { server: laptop, load: { url: access.url, access } },
    'node:http, JSON': { server: plain, load: { url } },
  };
  const rows: string[][] = [];
  for (const [connections, count] of Object.entries(counts)) {
    const clientShare = new Map<string, number[]>(Object.keys(sides).map((name) => [name, []]));
    const serverTime = new Map<string, number[]>(Object.keys(sides).map((name) => [name, []]));
    const measured = await interleave(Object.keys(sides), rounds, async (name) => {
      const side = sides[name];
      if (side === undefined) return Number.NaN;
      const before = (await side.server.ask({})) as Usage;
      const result = await put({ ...side.load, connections: Number(connections), count });
      const after = (await side.server.ask({})) as Usage;
      const server = after.processor - before.processor;
      serverTime.get(name)?.push((server * 1000) / count);
      clientShare.get(name)?.push((100 * result.processor) / (result.processor + server));
      return (count * 1000) / result.elapsed;
    });
    for (const name of Object.keys(sides)) {
      rows.push([
        name,
        connections,
        rate(spread(measured, name)),
        span(ratio(measured, name, 'node:http, JSON'), 2),
        span(spreadOf(serverTime.get(name) ?? []), 0),
        `${spreadOf(clientShare.get(name) ?? []).median.toFixed(0)} %`,
      ]);
    }
  }
  await Promise.all([laptop.stop(), plain.stop(), client.stop()]);
  rmSync(folder, { recursive: true, force: true });
  return [
    {
      title: 'HTTP',
      columns: ['server', 'connections', 'answers/s', 'times the limit', "server's us/answer", "client's share"],
      rows,
      notes: [
        "Client and servers are processes of their own on the same processors. The client signs before the clock runs; its share is of both sides' processor time.",
      ],
    },
  ];
};
