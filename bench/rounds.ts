/** What came of several rounds: the middle one, and how far they lay apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
  return { median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
};

/** Measurements by contender, one for each round. */
export type Rounds = ReadonlyMap<string, readonly number[]>;

/**
 * Measures each contender once in every round, so that other load on the machine affects all of them alike. Each round
 * begins with another contender.
 */
export const interleave = async (
  names: readonly string[],
  rounds: number,
  measure: (name: string) => number | Promise<number>,
): Promise<Rounds> => {
  const results = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length] ?? '';
      results.get(name)?.push(await measure(name));
    }
  }
  return results;
};

export const spread = (rounds: Rounds, name: string): Spread => spreadOf(rounds.get(name) ?? []);

/** How many times the other one a contender is, round by round. */
export const ratio = (rounds: Rounds, name: string, other: string): Spread => {
  const others = rounds.get(other) ?? [];
  return spreadOf((rounds.get(name) ?? []).map((value, round) => value / (others[round] ?? Number.NaN)));
};

/** By how much a contender is above the other one, round by round. */
export const difference = (rounds: Rounds, name: string, other: string): Spread => {
  const others = rounds.get(other) ?? [];
  return spreadOf((rounds.get(name) ?? []).map((value, round) => value - (others[round] ?? Number.NaN)));
};

const processorMilliseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * How often something can be done in a second of processor time, which other processes do not affect as they affect the
 * clock's. Promises are awaited one after the other.
 */
export const perSecond = async (act: () => unknown, milliseconds: number): Promise<number> => {
  const began = processorMilliseconds();
  let count = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    for (let index = 0; index < 50; index++) {
      const result = act();
      if (result instanceof Promise) await result;
    }
    count += 50;
    elapsed = processorMilliseconds() - began;
  }
  return (count * 1000) / elapsed;
};
