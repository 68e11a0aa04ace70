import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { account, startAnother } from '../../test/support/server-process.ts';
import { limitFiles } from './stores.ts';
import { askAll, askAtOnce, type Finding, names, onStage, pause, secondsUntil, told } from './trial.ts';

const recordsIn = (folder: string): readonly string[] =>
  readFileSync(join(folder, 'audit.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"credmint.outcome":"Done"'));

/** What was given out is in the log of a process that is killed in the midst of it. */
export const killed = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server, cloud }) => {
      let served = 0;
      const ask = async (name: string): Promise<void> => {
        const { status } = await server.assume(name).catch(() => ({ status: 0 }));
        if (status === 200) served++;
      };
      const asking = names('run', 200).map((name, index) => pause(index * 5).then(() => ask(name)));
      await secondsUntil(async () => served >= 20, 30);
      server.child.kill('SIGKILL');
      await Promise.all(asking);
      const recorded = recordsIn(server.folder).length;
      return {
        promise: 'no credential without its record',
        fault: 'the process killed (SIGKILL) under 200 requests',
        kept: recorded >= served,
        figures: `${served} given, ${recorded} recorded, ${cloud.calls.length} minted`,
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

/** The disk of the audit trail is full, and has room again. */
export const diskFull = (): Promise<Finding> =>
  onStage(
    ({ url }) => ({ accounts: { aws: { ...account(url), requestsPerSecond: 2_000 } } }),
    async ({ server, cloud }) => {
      await askAll(server, ['kept']);
      limitFiles(server.child, String(statSync(join(server.folder, 'audit.jsonl')).size));
      const refused = await Promise.all(names('full', 600).map((name) => server.assume(name)));
      const minted = cloud.calls.length;
      const late = await Promise.all(names('late', 50).map((name) => server.assume(name)));
      const ready = (await server.get('/ready')).status;
      const mintedWhileDown = cloud.calls.length - minted;
      limitFiles(server.child, 'unlimited');
      const seconds = await secondsUntil(async () => (await server.get('/ready')).status === 200, 10);
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

/** Standard output whose reader stops, as a log driver does whose disk is full. */
export const readerOfOutputStops = (): Promise<Finding> =>
  onStage(
    () => ({ audit: { sink: { kind: 'stdout' } }, server: { noticeSeconds: 0, drainSeconds: 2 } }),
    async ({ server, cloud }) => {
      const { stdout } = server.child;
      stdout?.resume();
      await askAll(server, ['kept']);
      stdout?.pause();
      // Until the pipe is full.
      let tries = 0;
      await secondsUntil(async () => (await askAtOnce(server, names(`fill-${++tries}`, 100))).served < 100, 60);
      const minted = cloud.calls.length;
      const ready = (await server.get('/ready')).status;
      const late = await Promise.all(names('late', 20).map((name) => server.assume(name)));
      const mintedWhileDown = cloud.calls.length - minted;
      const began = performance.now();
      server.child.kill('SIGTERM');
      const code = await server.ended;
      const seconds = (performance.now() - began) / 1000;
      return {
        promise: 'everything has a deadline, and so has the end',
        fault: 'the reader of standard output, which has the audit trail, stops; then SIGTERM',
        kept: ready === 503 && late.every(({ status }) => status === 503) && mintedWhileDown === 0 && seconds < 6,
        figures: `ready ${ready}; ${late.filter(({ status }) => status === 503).length} of 20 told 503, ${mintedWhileDown} minted; ended with ${code} after ${seconds.toFixed(1)} s`,
      };
    },
  );

const command = fileURLToPath(new URL('../../bin/credmint.ts', import.meta.url));

/** What `credmint audit verify` says of the files of a folder. */
export const verify = async (
  folder: string,
  files: readonly string[],
  key = 'audit.pem',
): Promise<{ readonly code: unknown; readonly said: string }> => {
  const child = spawn(process.execPath, [command, 'audit', 'verify', ...files, '--key', key], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  return { code, said };
};

/** The last lines of a killed process, which whoever comes next names. */
export const tailCut = (): Promise<Finding> =>
  onStage(
    () => ({ audit: { sink: { kind: 'file', path: 'audit-%p.jsonl' }, key: 'file:audit.pem' } }),
    async ({ server }) => {
      await askAll(server, names('first', 30));
      server.child.kill('SIGKILL');
      await server.ended;
      const next = await startAnother(server.folder);
      await askAll(next, names('next', 3));
      next.child.kill('SIGTERM');
      await next.ended;
      const files = readdirSync(server.folder).filter((name) => /^audit-\d+\.jsonl$/.test(name));
      const whole = await verify(server.folder, files);
      const old = join(server.folder, `audit-${server.child.pid}.jsonl`);
      const lines = readFileSync(old, 'utf8').trimEnd().split('\n');
      writeFileSync(old, `${lines.slice(0, -5).join('\n')}\n`);
      const cut = await verify(server.folder, files);
      const isNamed = /has no end; chain \w+ names its last line/.test(whole.said);
      return {
        promise: 'a chain that stopped without an end is named by whoever comes next',
        fault: 'the process killed (SIGKILL), another started, five lines of the first cut off',
        kept:
          whole.code === 0 && isNamed && cut.code === 1 && cut.said.includes('The last lines of the chain are missing'),
        figures: `before: exit ${whole.code}, ${isNamed ? 'named' : 'not named'}; cut: exit ${cut.code}, ${cut.said
          .split('\n')[1]
          ?.replace(/.*jsonl:/, 'line ')
          .trim()}`,
      };
    },
  );
