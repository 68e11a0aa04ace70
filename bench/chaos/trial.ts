import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, openCloud } from '../../test/support/fake-cloud.ts';
import { account, type ServerProcess, startServer } from '../../test/support/server-process.ts';

/** One row of the table: what is promised, what was done, what happened. */
export interface Finding {
  readonly promise: string;
  readonly fault: string;
  readonly kept: boolean;
  readonly figures: string;
}

/** Real processes: a server, and a cloud that counts. */
export interface Stage {
  readonly server: ServerProcess;
  readonly cloud: Cloud;
}

/** Runs a trial against a server of its own, with these variables in its environment, once its folder is prepared. */
export const onStage = async (
  config: (cloud: Cloud) => object,
  trial: (stage: Stage) => Promise<Finding>,
  variables: Readonly<Record<string, string>> = {},
  prepare: (folder: string) => void = () => undefined,
): Promise<Finding> => {
  const cloud = await openCloud();
  const folder = mkdtempSync(join(tmpdir(), 'credmint-chaos-'));
  prepare(folder);
  const server = await startServer({ accounts: { aws: account(cloud.url) }, ...config(cloud) }, { folder, variables });
  try {
    return await trial({ server, cloud });
  } finally {
    await server.close();
    await cloud.close();
  }
};

/** How many were served, and how long the slowest took. */
export interface Tally {
  readonly served: number;
  readonly asked: number;
  readonly slowestMs: number;
}

const counted = async (ask: (served: () => void) => Promise<number>, asked: number): Promise<Tally> => {
  let served = 0;
  const slowestMs = await ask(() => served++);
  return { served, asked, slowestMs: Math.round(slowestMs) };
};

/** How long one takes, in milliseconds. A connection that is cut is not served. */
const timed = async (server: ServerProcess, name: string, served: () => void): Promise<number> => {
  const began = performance.now();
  const status = await server.assume(name).then(
    (said) => said.status,
    () => 0,
  );
  if (status === 200) served();
  return performance.now() - began;
};

/** Asks one name after another, and counts who was served. */
export const askAll = (server: ServerProcess, asked: readonly string[]): Promise<Tally> =>
  counted(async (served) => {
    let slowestMs = 0;
    for (const name of asked) slowestMs = Math.max(slowestMs, await timed(server, name, served));
    return slowestMs;
  }, asked.length);

/** Asks all names at once. */
export const askAtOnce = (server: ServerProcess, asked: readonly string[]): Promise<Tally> =>
  counted(
    async (served) => Math.max(...(await Promise.all(asked.map((name) => timed(server, name, served))))),
    asked.length,
  );

export const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

export const told = ({ served, asked, slowestMs }: Tally): string =>
  `${served} of ${asked} served, slowest ${slowestMs} ms`;

/** The most instants, in milliseconds, that are in one second. */
export const mostPerSecond = (instants: readonly number[]): number => {
  const counts = new Map<number, number>();
  for (const instant of instants) {
    const second = Math.floor(instant / 1000);
    counts.set(second, (counts.get(second) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
};

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Seconds until something holds that is asked again and again; stops after so many seconds. */
export const secondsUntil = async (holds: () => Promise<boolean>, maxSeconds: number): Promise<number> => {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  while (!(await holds()) && seconds() < maxSeconds) await pause(50);
  return seconds();
};
