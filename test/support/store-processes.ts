import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** A store that several processes can share. */
export type Place =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'redis'; readonly port: number }
  | { readonly kind: 'dynamodb'; readonly endpoint: string; readonly table: string };

/** What every process tries to get: each of these claims, and so many times 3 of one quota. */
export interface Race {
  readonly claims: readonly string[];
  readonly taking: number;
  readonly most: number;
}

export interface Score {
  readonly won: readonly string[];
  readonly granted: number;
}

/** A process of its own that has opened the store and waits. */
export const startRacer = async (place: Place): Promise<ChildProcess> => {
  const child = fork(fileURLToPath(new URL('store-racer.ts', import.meta.url)), [JSON.stringify(place)], {
    execArgv: [],
  });
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => [`exited with ${code}`]),
  ]);
  expect(message).toBe('ready');
  return child;
};

/** Lets so many processes race, and proves that nothing was had twice. */
export const race = async (place: Place, racers: number, taking: number): Promise<readonly Score[]> => {
  const children = await Promise.all(Array.from({ length: racers }, () => startRacer(place)));
  const claims = Array.from({ length: 100 }, (_, index) => `claim ${index}`);
  const most = 100;
  const scores = await Promise.all(
    children.map(async (child) => {
      const score = once(child, 'message');
      child.send({ claims, taking, most } satisfies Race);
      return (await score)[0] as Score;
    }),
  );
  expect(scores.flatMap(({ won }) => won).sort()).toEqual([...claims].sort());
  return scores;
};
