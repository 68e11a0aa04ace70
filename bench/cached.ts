import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalAccess } from '../lib/laptop/local-state.ts';
import { type Child, start } from './processes/child.ts';
import type { Load, LoadResult } from './processes/load.ts';
import type { Usage } from './processes/report.ts';
import { interleave, ratio, spread, spreadOf } from './rounds.ts';
import { rate, span, type Table } from './table.ts';

const rounds = 9;
const connections = 64;
const count = 6_000;
const floor = 'node:http, JSON';

/** One request, byte for byte: AssumeRole of a cloud's account by the JSON API, with a JWT. */
const requestTo = (url: string, { token, roles }: LocalAccess): string => {
  const body = JSON.stringify({ account: 'aws', roleArn: roles['aws'], roleSessionName: 'bench' });
  return [
    'POST /assumeRole HTTP/1.1',
    `host: ${new URL(url).host}`,
    'content-type: application/json',
    `authorization: Bearer ${token}`,
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
};

/** A mint that is answered from the cache, over HTTP, compared with a server that only parses and answers JSON. */
export const cached = async (): Promise<readonly Table[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-bench-'));
  const started: Child[] = [];
  const open = async (name: string, ...args: string[]): Promise<Child> => {
    const child = await start(new URL(`./processes/${name}.ts`, import.meta.url), args);
    started.push(child);
    return child;
  };
  const urlOf = (child: Child): string => (child.ready as { readonly url: string }).url;
  // The cloud that the account is at, asked once.
  const access = (await open('laptop-server', folder)).ready as LocalAccess;
  const config = join(folder, 'credmint.config.json');
  const container = await open('container-server', config);
  const gateway = await open('function-server', config);
  const client = await open('load');
  const put = async (url: string): Promise<LoadResult> => {
    const load: Load = { url, connections, count, text: requestTo(url, access) };
    return (await client.ask(load)) as LoadResult;
  };
  const { bodyBytes } = await put(urlOf(container));
  const plain = await open('plain-server', String(bodyBytes));
  const sides: Readonly<Record<string, Child>> = {
    'the container server': container,
    'a gateway and its function': gateway,
    [floor]: plain,
  };
  for (const side of Object.values(sides)) await put(urlOf(side));

  const latencies = new Map<string, { readonly p50: number[]; readonly p99: number[] }>();
  const work = new Map<string, number[]>();
  const measured = await interleave(Object.keys(sides), rounds, async (name) => {
    const side = sides[name] as Child;
    const before = (await side.ask({})) as Usage;
    const { elapsed, p50, p99 } = await put(urlOf(side));
    const after = (await side.ask({})) as Usage;
    const known = latencies.get(name) ?? { p50: [], p99: [] };
    known.p50.push(p50);
    known.p99.push(p99);
    latencies.set(name, known);
    work.set(name, [...(work.get(name) ?? []), ((after.processor - before.processor) * 1000) / count]);
    return (count * 1000) / elapsed;
  });
  await Promise.all(started.map((child) => child.stop()));
  rmSync(folder, { recursive: true, force: true });
  return [
    {
      title: `A mint from the cache, over ${connections} connections`,
      columns: [
        'server',
        'answers/s',
        'times the limit',
        "server's us/answer",
        'times the limit by it',
        'p50 ms',
        'p99 ms',
      ],
      rows: Object.keys(sides).map((name) => [
        name,
        rate(spread(measured, name)),
        span(ratio(measured, name, floor), 2),
        span(spreadOf(work.get(name) ?? []), 0),
        span(ratio(work, floor, name), 2),
        span(spreadOf(latencies.get(name)?.p50 ?? []), 1),
        span(spreadOf(latencies.get(name)?.p99 ?? []), 1),
      ]),
      notes: ['With one JWT, whose verification is cached. Each answer has its audit line, which is discarded here.'],
    },
  ];
};
