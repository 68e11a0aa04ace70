import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child } from './processes/child.ts';
import type { Usage } from './processes/report.ts';
import { jsonRequest, openStage, urlOf } from './processes/stage.ts';
import { interleave, ratio, spread, spreadOf } from './rounds.ts';
import { atMost, type Cell, rate, span, type Table } from './table.ts';

const counts = [1, 10, 100, 1_000, 2_000];
const rounds = 3;
const floor = 'node:http, JSON';

/** A mint from the cache by the number of connections, each of which asks again as soon as it is answered. */
export const connections = async (): Promise<readonly Table[]> => {
  const stage = await openStage();
  const written = JSON.parse(readFileSync(stage.config, 'utf8')) as object;
  const config = join(stage.folder, 'connections.config.json');
  // More than its default of 1,000, which protects a process from a queue that no caller waits for.
  writeFileSync(config, JSON.stringify({ ...written, server: { maxRequests: 4_000 } }));
  const container = await stage.open('container-server', config);
  const put = (side: Child, count: number, requests: number) => {
    const url = urlOf(side);
    return stage.put({ url, connections: count, count: requests, text: jsonRequest(url, stage.access) });
  };
  const { bodyBytes } = await put(container, 16, 1_000);
  const sides: Readonly<Record<string, Child>> = {
    'the container server': container,
    [floor]: await stage.open('plain-server', String(bodyBytes)),
  };
  for (const side of Object.values(sides)) await put(side, 16, 8_000);

  const rows: Cell[][] = [];
  const latencies = new Map<string, number[]>();
  const rates = new Map<string, number[]>();
  const names = counts.flatMap((count) => Object.keys(sides).map((name) => `${name} ${count}`));
  const work = await interleave(names, rounds, async (name) => {
    const side = Object.keys(sides).find((side) => name.startsWith(`${side} `)) ?? floor;
    const count = Number(name.slice(side.length + 1));
    const child = sides[side] as Child;
    const requests = Math.max(1_000, 2 * count);
    const before = (await child.ask({})) as Usage;
    const { elapsed, p99 } = await put(child, count, requests);
    const after = (await child.ask({})) as Usage;
    latencies.set(name, [...(latencies.get(name) ?? []), p99]);
    rates.set(name, [...(rates.get(name) ?? []), (requests * 1000) / elapsed]);
    return ((after.processor - before.processor) * 1000) / requests;
  });
  await stage.close();
  for (const side of Object.keys(sides)) {
    for (const count of counts) {
      const name = `${side} ${count}`;
      rows.push([
        side,
        { text: count.toLocaleString('en'), value: count },
        rate(spread(rates, name)),
        span(spread(work, name), 0),
        span(ratio(work, name, `${side} ${counts[1]}`), 2),
        side === floor ? '1' : atMost(span(ratio(work, name, `${floor} ${count}`), 2), 2),
        span(spreadOf(latencies.get(name) ?? []), 1),
      ]);
    }
  }
  return [
    {
      title: 'Growth: connections',
      columns: [
        'server',
        'connections',
        'answers/s',
        "server's us/answer",
        `times that at ${counts[1]}`,
        'times that of node:http',
        'p99 ms',
      ],
      rows,
      notes: ['A mint from the cache. Connections are opened within the measured time.'],
      charts: [
        {
          kind: 'growth',
          name: 'connections',
          across: 'connections',
          values: "server's us/answer",
          by: 'server',
          scale: 'log',
        },
      ],
    },
  ];
};
