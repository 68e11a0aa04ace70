import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finding, onStage, pause, secondsUntil } from './trial.ts';

/** With it the whole process has another clock; without it, what runs in JavaScript has. */
const library = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib']
  .map((folder) => join(folder, 'faketime', 'libfaketimeMT.so.1'))
  .find((path) => existsSync(path));

const shifted = fileURLToPath(new URL('./shifted-clock.ts', import.meta.url));

/** A wall clock that is set while a process runs; its monotonic clock goes on. */
const settableClock = () => {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-clock-'));
  const file = join(folder, 'offset');
  const set = (seconds: number): void => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}`);
  set(0);
  const byLibrary = {
    LD_PRELOAD: library ?? '',
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  const inProcess = { NODE_OPTIONS: `--import=${shifted}`, CLOCK_OFFSET_FILE: file };
  return {
    set,
    variables: library === undefined ? inProcess : byLibrary,
    kind: library === undefined ? 'in the process' : 'by libfaketime',
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

const at = (seconds: number): Date => new Date(Date.now() + seconds * 1000);

const accessKeyOf = (text: string): string => /ASIA\d+/.exec(text)?.[0] ?? 'nothing';

/** Credentials that live a little longer than the margin: used for three seconds. */
const shortLifeMs = 63_000;

/** What is kept when the clock goes back must end all the same, as it does for the cloud. */
export const clockGoesBack = async (): Promise<Finding> => {
  const clock = settableClock();
  try {
    return await onStage(
      (cloud) => {
        cloud.lifeMs = shortLifeMs;
        return {};
      },
      async ({ server, cloud }) => {
        const first = accessKeyOf((await server.assume('kept')).text);
        clock.set(-3_600);
        const second = accessKeyOf((await server.assume('kept', { now: at(-3_600) })).text);
        await pause(4_000);
        const third = await server.assume('kept', { now: at(-3_600) });
        const fourth = await server.assume('new', { now: at(-3_600) });
        const isExpired = accessKeyOf(third.text) === first;
        return {
          promise: 'nothing expired is served, whatever the clock does',
          fault: `the wall clock goes back an hour (${clock.kind})`,
          kept: second === first && third.status === 200 && !isExpired && fourth.status === 200,
          figures: `kept until its end: ${second === first}; after it ${isExpired ? 'the same' : 'another'}; ${cloud.calls.length} minted`,
        };
      },
      clock.variables,
    );
  } finally {
    clock.remove();
  }
};

/** Forth, as when a machine wakes or its time is set, and back again. */
export const clockGoesForth = async (): Promise<Finding> => {
  const clock = settableClock();
  try {
    return await onStage(
      () => ({}),
      async ({ server, cloud }) => {
        await server.assume('kept');
        clock.set(7_200);
        const ahead = await server.assume('kept', { now: at(7_200) });
        clock.set(0);
        const back = await server.assume('kept');
        cloud.failing = true;
        for (let count = 0; count < 8; count++) await server.assume(`lost-${count}`);
        clock.set(-3_600);
        const refused = await server.assume('lost', { now: at(-3_600) });
        const after = Number(refused.headers['retry-after']);
        cloud.failing = false;
        let tries = 0;
        const seconds = await secondsUntil(
          async () => (await server.assume(`back-${++tries}`, { now: at(-3_600) })).status === 200,
          30,
        );
        const keys = [ahead, back].map(({ text }) => accessKeyOf(text));
        return {
          promise: 'waits are measured by a clock that is not set',
          fault: `two hours forth, back, and an hour back while a cloud is down (${clock.kind})`,
          kept: [ahead, back].every(({ status }) => status === 200) && after <= 5 && seconds <= 5,
          figures: `served ${keys.filter((key) => key !== 'nothing').length} of 2; Retry-After ${after}; first new after ${seconds.toFixed(1)} s`,
        };
      },
      clock.variables,
    );
  } finally {
    clock.remove();
  }
};
