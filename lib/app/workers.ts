import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import type { ServerSettings } from '../config/sections/server.ts';
import { type Metric, sum } from '../telemetry/metric.ts';
import { sleep } from './sleep.ts';

/** How many processes serve. */
export const workersOf = ({ workers }: ServerSettings): number =>
  workers === 'all' ? availableParallelism() : workers;

/** A worker that ends sooner than this did not serve at all, in milliseconds; a few in a row and nothing will. */
const tooSoon = 2_000;
const mostTooSoon = 5;

/** How long the figures of the others are waited for, in milliseconds. */
const longestGathering = 1_000;

/** What processes say to each other. */
type Message =
  | { readonly says: 'serving'; readonly url: string }
  | { readonly says: 'what is everyone at'; readonly id: number }
  | { readonly says: 'what are you at'; readonly id: number }
  | { readonly says: 'I am at'; readonly id: number; readonly figures: readonly Metric[] }
  | { readonly says: 'everyone is at'; readonly id: number; readonly figures: readonly Metric[] };

const living = (): readonly Worker[] => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);

/** What the first process does: it starts the others, starts anew who dies, and ends with them. */
export interface Crew {
  /** Resolves to the exit code, when all have ended. */
  readonly ended: Promise<number>;
  /** Lets all of them leave; those who have not by then are killed. */
  leave(): void;
}

/** Starts so many processes of this same program. */
export const startCrew = (count: number, settings: ServerSettings, onServing: (url: string) => void): Crew => {
  const gatherings = new Map<number, (figures: readonly Metric[]) => void>();
  let asked = 0;
  let leaving = false;
  let soonDeaths = 0;
  let code = 0;
  let serving = 0;
  let settle: (code: number) => void = () => undefined;
  const ended = new Promise<number>((resolve) => {
    settle = resolve;
  });

  const gather = async (): Promise<readonly Metric[]> => {
    const answers = living().map((worker) => {
      const id = ++asked;
      const answer = new Promise<readonly Metric[]>((resolve) => {
        gatherings.set(id, resolve);
        worker.send({ says: 'what are you at', id } satisfies Message);
      });
      const late = sleep(longestGathering).then((): readonly Metric[] => []);
      return Promise.race([answer, late]).finally(() => gatherings.delete(id));
    });
    return sum(await Promise.all(answers));
  };

  const hear = async (worker: Worker, message: Message): Promise<void> => {
    if (message.says === 'serving') {
      if (++serving === count) onServing(message.url);
    } else if (message.says === 'I am at') gatherings.get(message.id)?.(message.figures);
    else if (message.says === 'what is everyone at') {
      const figures = await gather();
      if (worker.isConnected()) worker.send({ says: 'everyone is at', id: message.id, figures } satisfies Message);
    }
  };

  const start = (): void => {
    const worker = cluster.fork();
    const began = performance.now();
    worker.on('message', (message: Message) => void hear(worker, message));
    worker.once('exit', (status) => {
      if (leaving) code = Math.max(code, status === 0 ? 0 : 1);
      soonDeaths = performance.now() - began < tooSoon ? soonDeaths + 1 : 0;
      if (!leaving && soonDeaths >= mostTooSoon) {
        code = 1;
        leave();
      }
      if (!leaving) start();
      else if (living().every((other) => other.isDead())) settle(code);
    });
  };

  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    for (const worker of living()) worker.process.kill('SIGTERM');
    if (living().length === 0) settle(code);
    const killed = setTimeout(
      () => {
        for (const worker of living()) worker.process.kill('SIGKILL');
      },
      (settings.drainSeconds + 2) * 1000,
    );
    killed.unref();
  };

  for (let index = 0; index < count; index++) start();
  return { ended, leave };
};

/** Tells the first process that this one serves. */
export const sayServing = (url: string): void => {
  process.send?.({ says: 'serving', url } satisfies Message);
};

/** For a worker: answers the first process with its own figures, and asks it for everyone's. */
export const everyonesFigures = (own: () => readonly Metric[]): (() => Promise<readonly Metric[]>) => {
  let asked = 0;
  process.on('message', (message: Message) => {
    if (message.says !== 'what are you at') return;
    process.send?.({ says: 'I am at', id: message.id, figures: own() } satisfies Message);
  });
  return async () => {
    const id = ++asked;
    process.send?.({ says: 'what is everyone at', id } satisfies Message);
    const signal = AbortSignal.timeout(2 * longestGathering);
    for (;;) {
      const [message] = (await once(process, 'message', { signal })) as [Message];
      if (message.says === 'everyone is at' && message.id === id) return message.figures;
    }
  };
};
