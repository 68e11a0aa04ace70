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

/** Runs a trial against a server of its own. */
export const onStage = async (
  config: (cloud: Cloud) => object,
  trial: (stage: Stage) => Promise<Finding>,
): Promise<Finding> => {
  const cloud = await openCloud();
  // Without its store a process lets itself have a twentieth of this: more than a trial asks for in a second.
  const aws = { ...account(cloud.url), requestsPerSecond: 2_000 };
  const server = await startServer({ accounts: { aws }, ...config(cloud) });
  try {
    return await trial({ server, cloud });
  } finally {
    await server.close();
    await cloud.close();
  }
};

export interface Tally {
  readonly served: number;
  readonly asked: number;
  readonly slowestMs: number;
}

/** Asks one name after another, and counts who was served. */
export const askAll = async (server: ServerProcess, names: readonly string[]): Promise<Tally> => {
  let served = 0;
  let slowestMs = 0;
  for (const name of names) {
    const began = performance.now();
    if ((await server.assume(name)).status === 200) served++;
    slowestMs = Math.max(slowestMs, performance.now() - began);
  }
  return { served, asked: names.length, slowestMs: Math.round(slowestMs) };
};

export const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

export const told = ({ served, asked, slowestMs }: Tally): string =>
  `${served} of ${asked} served, slowest ${slowestMs} ms`;
