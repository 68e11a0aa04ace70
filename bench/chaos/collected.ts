import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ServerProcess, startAnother } from '../../test/support/server-process.ts';
import { verify } from './audit.ts';
import { openStandIn, type Received } from './stand-in.ts';
import { askAll, type Finding, names, onStage, pause } from './trial.ts';

// Audit trails that are collected from many instances: in a bucket, in a queue, from standard output.

const chainOf = (line: string): unknown => JSON.parse(line)['audit.chain.id'];

/** Where the lines of all instances end up, in the order in which each instance wrote its own. */
interface Collected {
  readonly sink: (url: string) => object;
  readonly lines: () => readonly string[];
}

/** By which a sink's requests are signed. */
export const sinkKey = { id: 'AKIDAUDIT', secret: 'env:CALLER' };

export const asObjects = (taken: readonly Received[]): readonly string[] =>
  taken
    .filter(({ method }) => method === 'PUT')
    .sort((one, other) => (one.path < other.path ? -1 : 1))
    .flatMap(({ body }) => body.trimEnd().split('\n'));

export const asMessages = (taken: readonly Received[]): readonly string[] =>
  taken.flatMap(({ body }) =>
    (JSON.parse(body).Entries as readonly { readonly MessageBody: string }[]).map((entry) => entry.MessageBody),
  );

/** What a queue answers to a batch: it has all of it. */
export const batchTaken = (body: string): string => {
  const entries = JSON.parse(body).Entries as readonly { readonly Id: string }[];
  return JSON.stringify({ Successful: entries.map(({ Id }) => ({ Id, MessageId: Id, MD5OfMessageBody: '' })) });
};

/**
 * A process killed in the midst of its work, and another started: how far the first is known to have come, and what is said
 * if a line of that is gone.
 */
const stopped = async (
  what: string,
  { sink, lines }: Collected,
  url: string,
  started: (server: ServerProcess) => void,
): Promise<Finding> =>
  onStage(
    () => ({
      store: { kind: 'sqlite', path: 'store.sqlite', sealingKeys: ['env:SEAL'] },
      audit: { sink: sink(url), key: 'file:audit.pem' },
      server: { noticeSeconds: 0 },
    }),
    async ({ server }) => {
      started(server);
      const load = Promise.all(names('run', 400).map((name) => server.assume(name).catch(() => undefined)));
      while (lines().length < 100) await pause(5);
      const killed = chainOf(lines()[0] ?? '{}');
      server.child.kill('SIGKILL');
      await Promise.all([load, server.ended]);
      const next = await startAnother(server.folder);
      started(next);
      await askAll(next, names('next', 3));
      next.child.kill('SIGTERM');
      await next.ended;
      const all = lines();
      const own = all.filter((line) => chainOf(line) === killed);
      const naming = all.find((line) => line.includes('"audit.checkpoint.seen"')) ?? '{}';
      const named = JSON.parse(naming)['audit.checkpoint.seen']?.[0]?.sequence ?? -1;
      const said = async (kept: readonly string[]) => {
        writeFileSync(join(server.folder, 'collected.jsonl'), `${kept.join('\n')}\n`);
        return verify(server.folder, ['collected.jsonl']);
      };
      const whole = await said(all);
      const cut = await said(
        all.filter((line) => chainOf(line) !== killed || JSON.parse(line)['audit.chain.sequence'] < named),
      );
      const gone = await said(all.filter((line) => chainOf(line) !== killed));
      return {
        promise: 'a chain that stopped without an end is named by another instance, by the store',
        fault: `the process killed (SIGKILL) under 400 requests, another started; ${what}; the last line that was named cut off, then all of it`,
        kept:
          named > 0 &&
          whole.code === 0 &&
          cut.code === 1 &&
          cut.said.includes('The last lines of the chain are missing') &&
          gone.code === 1 &&
          gone.said.includes('A chain that this line names is missing'),
        figures: `${own.length} lines, of which the last ${own.length - 1 - named} were not known yet; whole: exit ${whole.code}; cut: exit ${cut.code}; gone: exit ${gone.code}`,
      };
    },
  );

export const stoppedInBucket = async (): Promise<Finding> => {
  const bucket = await openStandIn(() => '');
  const sink = (url: string) => ({ kind: 's3', endpoint: `${url}/bucket`, region: 'eu-central-1', key: sinkKey });
  try {
    return await stopped(
      'the trail in S3',
      { sink, lines: () => asObjects([...bucket.taken]) },
      bucket.url,
      () => undefined,
    );
  } finally {
    await bucket.close();
  }
};

export const stoppedInQueue = async (): Promise<Finding> => {
  const queue = await openStandIn(({ body }) => batchTaken(body));
  const sink = (url: string) => ({
    kind: 'sqs',
    endpoint: `${url}/123456789012/audit.fifo`,
    region: 'eu-central-1',
    key: sinkKey,
  });
  try {
    return await stopped(
      'the trail in SQS',
      { sink, lines: () => asMessages(queue.taken) },
      queue.url,
      () => undefined,
    );
  } finally {
    await queue.close();
  }
};

export const stoppedInOutput = (): Promise<Finding> => {
  const texts: string[] = [];
  const collect = ({ child }: ServerProcess): void => {
    const index = texts.push('') - 1;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      texts[index] += text;
    });
  };
  // A line that its process did not finish is none.
  const lines = () => texts.flatMap((text) => text.split('\n').slice(0, -1));
  return stopped('the trail from standard output', { sink: () => ({ kind: 'stdout' }), lines }, '', collect);
};
