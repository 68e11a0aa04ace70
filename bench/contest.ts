import assert from 'node:assert/strict';
import { interleave, perSecond, ratio, spread } from './rounds.ts';
import { atLeast, type Cell, type Figure, rate, span, type Table } from './table.ts';

/** One way of doing something, of several that are compared. */
export interface Contender {
  readonly name: string;
  /** Does it once. */
  readonly act: () => unknown;
  /** Does it once, and returns what must be the same for every contender. */
  readonly proof: () => Promise<unknown>;
}

export const contender = <Outcome>(
  name: string,
  act: () => Outcome | Promise<Outcome>,
  shown: (outcome: Outcome) => unknown = (outcome) => outcome,
): Contender => ({ name, act, proof: async () => shown(await act()) });

/** One thing done in several ways: ours, others', and the least that it can cost. */
export interface Contest {
  readonly name: string;
  readonly ours: Contender;
  readonly others: readonly Contender[];
  readonly floor: Contender;
  /** At least how many times the first of the others, and the floor, ours should be. */
  readonly goals?: { readonly first?: number; readonly floor?: number };
}

const rounds = 13;
/** Long compared with the 4 ms in which a kernel counts processor time. */
const millisecondsEach = 100;
const millisecondsOfWarming = 250;

const least = (figure: Figure, goal: number | undefined): Figure =>
  goal === undefined ? figure : atLeast(figure, goal);

/** Contests as one table. A contender is timed only if its result is the same as that of the others. */
export const contestTable = async (title: string, contests: readonly Contest[]): Promise<Table> => {
  const rows: Cell[][] = [];
  for (const { name, ours, others, floor, goals = {} } of contests) {
    const all = [ours, ...others, floor];
    for (const each of all) {
      assert.deepEqual(await each.proof(), await ours.proof(), `${name}: ${each.name} comes to another result`);
      await perSecond(each.act, millisecondsOfWarming);
    }
    const acts = new Map(all.map((each) => [each.name, each.act]));
    const measured = await interleave([...acts.keys()], rounds, (each) =>
      perSecond(acts.get(each) ?? ours.act, millisecondsEach),
    );
    for (const each of all) {
      rows.push([
        each === ours ? name : '',
        each.name,
        rate(spread(measured, each.name)),
        each === ours
          ? '1'
          : least(span(ratio(measured, ours.name, each.name), 2), each === others[0] ? goals.first : undefined),
        each === floor
          ? '1'
          : least(span(ratio(measured, each.name, floor.name), 2), each === ours ? goals.floor : undefined),
      ]);
    }
  }
  return {
    title,
    columns: ['', 'by', 'per second', 'ours, times it', 'times the floor'],
    rows,
    charts: [
      {
        kind: 'bars',
        name: title.toLowerCase(),
        across: 'by',
        values: 'per second',
        by: '',
        ours: ['credmint', 'credmint, reading the proof too'],
      },
    ],
  };
};
