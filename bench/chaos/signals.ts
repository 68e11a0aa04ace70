import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCloud } from '../../test/support/fake-cloud.ts';
import { account, newFolder, startServer, variablesOf, writeConfig } from '../../test/support/server-process.ts';
import { verify } from './audit.ts';
import { askAll, type Finding, names, pause } from './trial.ts';

const start = fileURLToPath(new URL('../../bin/start.ts', import.meta.url));

/** When a process is told to end, in milliseconds after it was begun: before it opens, while it does, and after. */
const momentsMs = [50, 150, 250, 350, 450, 600, 800, 1_000, 1_300, 1_600];

/** A process that is told to end at every stage of its start; each time in the same folder, as a restart is. */
export const endedWhileStarting = async (): Promise<Finding> => {
  const folder = newFolder();
  const cloud = await openCloud();
  try {
    writeConfig(folder, {
      accounts: { aws: account(cloud.url) },
      store: { kind: 'sqlite', path: 'store.sqlite', sealingKeys: ['env:SEAL'] },
      server: { noticeSeconds: 0 },
    });
    const ends: string[] = [];
    let slowestMs = 0;
    for (const moment of momentsMs) {
      const child = spawn(process.execPath, [start], { env: variablesOf(folder), stdio: 'ignore' });
      const ended = once(child, 'exit');
      await pause(moment);
      // One that the default of SIGHUP would end.
      child.kill('SIGTERM');
      const began = performance.now();
      const [code, signal] = await ended;
      slowestMs = Math.max(slowestMs, performance.now() - began);
      ends.push(String(code ?? signal));
    }
    const server = await startServer(JSON.parse(readFileSync(join(folder, 'credmint.config.json'), 'utf8')), {
      folder,
    });
    const after = await askAll(server, names('after', 5));
    server.child.kill('SIGTERM');
    await server.ended;
    const { code } = await verify(folder, ['audit.jsonl']);
    return {
      promise: 'a process ends whenever it is told to, and leaves nothing that keeps the next from starting',
      fault: `SIGTERM ${momentsMs.join(', ')} ms after the start, each time in the same folder`,
      kept:
        ends.every((end) => end === '0' || end === 'SIGTERM') && slowestMs < 3_000 && after.served === 5 && code === 0,
      figures: `ended with ${ends.join(', ')}, within ${Math.round(slowestMs)} ms; the next: ${after.served} of 5 served, verified: exit ${code}`,
    };
  } finally {
    await cloud.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Signals to read the configuration again come fast, also while the file is half written, and then one to end. */
export const signalsAtOnce = async (): Promise<Finding> => {
  const cloud = await openCloud();
  const server = await startServer({
    accounts: { aws: { ...account(cloud.url), requestsPerSecond: 2_000 } },
    server: { noticeSeconds: 0 },
  });
  try {
    const path = join(server.folder, 'credmint.config.json');
    const whole = readFileSync(path, 'utf8');
    let isOver = false;
    let asked = 0;
    let served = 0;
    const load = (async () => {
      while (!isOver) {
        asked++;
        const { status } = await server.assume(`run-${asked % 50}`);
        if (status === 200) served++;
      }
    })();
    for (let count = 0; count < 200; count++) {
      if (count % 10 === 5) writeFileSync(path, whole.slice(0, statSync(path).size / 2));
      if (count % 10 === 9) writeFileSync(path, whole);
      server.child.kill('SIGHUP');
      if (count % 7 === 0) await pause(20);
    }
    writeFileSync(path, whole);
    await pause(500);
    isOver = true;
    await load;
    for (let count = 0; count < 5; count++) server.child.kill('SIGHUP');
    server.child.kill('SIGTERM');
    const code = await server.ended;
    const { code: verified } = await verify(server.folder, ['audit.jsonl']);
    return {
      promise: 'reading the configuration again disturbs nobody, however often',
      fault: '200 SIGHUPs under load, some while the file is half written; then five and SIGTERM at once',
      kept: served === asked && code === 0 && verified === 0 && existsSync(path),
      figures: `${served} of ${asked} served; exit ${code}; verified: exit ${verified}; ${cloud.calls.length} minted for 50 names`,
    };
  } finally {
    await server.close();
    await cloud.close();
  }
};
