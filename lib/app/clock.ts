import type { Clock } from '../core/clock.ts';
import type { ProcessDeps } from './deps.ts';
import { sleep } from './sleep.ts';

/** What a process hands in of its clock. */
export type ClockDeps = Pick<ProcessDeps, 'now' | 'monotonicMs' | 'sleep' | 'chance'>;

/** The clock of a process: what was handed in, and the machine's own for the rest. */
export const clockOf = (deps: ClockDeps): Clock => ({
  now: deps.now,
  monotonicMs: deps.monotonicMs ?? (() => performance.now()),
  sleep: deps.sleep ?? sleep,
  chance: deps.chance ?? Math.random,
});
