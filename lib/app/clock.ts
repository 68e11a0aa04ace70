import type { Clock } from '../core/clock.ts';
import type { ProcessDeps } from './deps.ts';
import { sleep } from './sleep.ts';

/** The clock of a process: what was handed in, and the machine's own for the rest. */
export const clockOf = (deps: Pick<ProcessDeps, 'now' | 'sleep' | 'chance'>): Clock => ({
  now: deps.now,
  sleep: deps.sleep ?? sleep,
  chance: deps.chance ?? Math.random,
});
