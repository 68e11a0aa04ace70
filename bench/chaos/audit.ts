import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startAnother } from '../../test/support/server-process.ts';
import { askAll, type Finding, names, onStage, told } from './trial.ts';

const recordsIn = (folder: string): readonly string[] =>
  readFileSync(join(folder, 'audit.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"credmint.outcome":"Done"'));

/** What was given out is in the log of a process that is killed in the midst of it. */
export const killed = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server, cloud }) => {
      const asking = names('run', 200).map((name) =>
        server.assume(name).then(
          ({ status }) => status === 200,
          () => false,
        ),
      );
      await cloud.came(50);
      await Promise.race(asking);
      server.child.kill('SIGKILL');
      const given = (await Promise.all(asking)).filter(Boolean).length;
      const recorded = recordsIn(server.folder).length;
      return {
        promise: 'no credential without its record',
        fault: 'the process killed (SIGKILL) under 200 requests',
        kept: recorded >= given,
        figures: `${given} given, ${recorded} recorded, ${cloud.calls.length} minted`,
      };
    },
  );

/** A process writes an audit file alone. */
export const secondWriter = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server }) => {
      await server.assume('one');
      const refusal = await startAnother(server.folder).then(
        async (other) => {
          other.child.kill('SIGKILL');
          return 'it started';
        },
        (thrown: Error) => thrown.message.split('\n').at(-1) ?? '',
      );
      return {
        promise: 'an audit file has one writer',
        fault: 'a second process with the same audit file',
        kept: refusal.includes('Another process writes the audit file'),
        figures: refusal.replace(server.folder, '.'),
      };
    },
  );

/** Lets a process write no file beyond so many bytes, as a full disk does. */
const limitFiles = (pid: number | undefined, bytes: string): void => {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
};

/** The disk of the audit trail is full, and has room again. */
export const diskFull = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server, cloud }) => {
      await askAll(server, ['kept']);
      limitFiles(server.child.pid, String(statSync(join(server.folder, 'audit.jsonl')).size));
      const refused = await Promise.all(names('full', 600).map((name) => server.assume(name)));
      const minted = cloud.calls.length;
      const late = await Promise.all(names('late', 50).map((name) => server.assume(name)));
      const ready = (await server.get('/ready')).status;
      const mintedWhileDown = cloud.calls.length - minted;
      limitFiles(server.child.pid, 'unlimited');
      const began = performance.now();
      while ((await server.get('/ready')).status !== 200 && performance.now() - began < 10_000);
      const seconds = (performance.now() - began) / 1000;
      const after = await askAll(server, names('after', 10));
      const given = [...refused, ...late].filter(({ status }) => status === 200).length;
      const are503 = [...refused, ...late].every(
        ({ status, headers }) => status === 503 && headers['retry-after'] === '1',
      );
      return {
        promise: 'no credential without its record; 503 with Retry-After; recovery within a second of the sink',
        fault: 'the disk of the audit file full for 600 requests at once, then for 50 more',
        kept: given === 0 && are503 && ready === 503 && mintedWhileDown === 0 && after.served === 10 && seconds <= 1,
        figures: `${given} given; ${mintedWhileDown} minted of the 50; ready again after ${seconds.toFixed(2)} s; ${told(after)}`,
      };
    },
  );
