import { readFileSync } from 'node:fs';

// Imported before everything else into a process whose wall clock is to be set: by the seconds that a file holds.

const file = process.env['CLOCK_OFFSET_FILE'];
const TrueDate = Date;
const trueNow = Date.now;
const now = (): number => trueNow() + (file === undefined ? 0 : Number(readFileSync(file, 'utf8')) * 1000);

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, given) => (given.length === 0 ? new target(now()) : Reflect.construct(target, given)),
  apply: () => new TrueDate(now()).toString(),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});
