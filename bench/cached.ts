import type { Child } from './processes/child.ts';
import type { Usage } from './processes/report.ts';
import { jsonRequest, openStage, urlOf } from './processes/stage.ts';
import { interleave, ratio, spread, spreadOf } from './rounds.ts';
import { atMost, rate, span, type Table } from './table.ts';

const rounds = 7;
const connections = 64;
const count = 2_000;
/** Requests before the first round: V8 compiles what is hot in the meantime, and its threads take processor time too. */
const warming = 8_000;
const floor = 'node:http, JSON';

/** A mint that is answered from the cache, over HTTP, compared with a server that only parses and answers JSON. */
export const cached = async (): Promise<readonly Table[]> => {
  const stage = await openStage();
  const container = await stage.open('container-server', stage.config);
  const gateway = await stage.open('function-server', stage.config);
  const put = (url: string, requests = count) =>
    stage.put({ url, connections, count: requests, text: jsonRequest(url, stage.access) });
  const { bodyBytes } = await put(urlOf(container));
  const plain = await stage.open('plain-server', String(bodyBytes));
  const sides: Readonly<Record<string, Child>> = {
    'the container server': container,
    'a gateway and its function': gateway,
    [floor]: plain,
  };
  for (const side of Object.values(sides)) await put(urlOf(side), warming);

  const latencies = new Map<string, { readonly p50: number[]; readonly p99: number[]; readonly tail: number[] }>();
  const work = new Map<string, number[]>();
  const measured = await interleave(Object.keys(sides), rounds, async (name) => {
    const side = sides[name] as Child;
    const before = (await side.ask({})) as Usage;
    const { elapsed, p50, p99 } = await put(urlOf(side));
    const after = (await side.ask({})) as Usage;
    const known = latencies.get(name) ?? { p50: [], p99: [], tail: [] };
    known.p50.push(p50);
    known.p99.push(p99);
    known.tail.push(p99 / p50);
    latencies.set(name, known);
    work.set(name, [...(work.get(name) ?? []), ((after.processor - before.processor) * 1000) / count]);
    return (count * 1000) / elapsed;
  });
  const tail = (name: string) => atMost(span(spreadOf(latencies.get(name)?.tail ?? []), 1), 3);
  await stage.close();
  return [
    {
      title: `A mint from the cache, over ${connections} connections`,
      columns: [
        'server',
        'answers/s',
        'times the limit',
        "server's us/answer",
        'times that of node:http',
        'p50 ms',
        'p99 ms',
        'p99, times p50',
      ],
      rows: Object.keys(sides).map((name) => [
        name,
        rate(spread(measured, name)),
        span(ratio(measured, name, floor), 2),
        span(spreadOf(work.get(name) ?? []), 0),
        name === floor ? '1' : atMost(span(ratio(work, name, floor), 2), 2),
        span(spreadOf(latencies.get(name)?.p50 ?? []), 1),
        span(spreadOf(latencies.get(name)?.p99 ?? []), 1),
        name === floor ? span(spreadOf(latencies.get(name)?.tail ?? []), 1) : tail(name),
      ]),
      notes: ['With one JWT, whose verification is cached. Each answer has its audit line, which is discarded here.'],
      charts: [
        {
          kind: 'bars',
          name: 'cached',
          across: 'server',
          values: "server's us/answer",
          ours: Object.keys(sides).filter((name) => name !== floor),
        },
      ],
    },
  ];
};
