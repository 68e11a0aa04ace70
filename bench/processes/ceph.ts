import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '../../scripts/ceph/cluster.ts';
import { run } from '../../scripts/ceph/process.ts';
import { missingPrograms } from '../../scripts/ceph/programs.ts';
import { roleArn } from '../../scripts/ceph/store.ts';
import type { LoadAccess } from './load.ts';

/** A Ceph RGW of a benchmark's own, with a monitor and a store in memory behind it. */
export interface Rgw {
  readonly url: string;
  readonly version: string;
  readonly access: LoadAccess;
  /** Processor time of its programs so far, in milliseconds. */
  processor(): number;
  stop(): Promise<void>;
}

/** Linux counts it in hundredths of a second. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const processorOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

/** What it writes to a log would be measured, too. */
const quiet = 'log file = /dev/null\ndebug rgw = 0/0';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: ['arn:aws:iam:::user/bench'] }, Action: ['sts:AssumeRole'] }],
});

/** Starts one; undefined if this machine does not have the programs. */
export const startRgw = async (): Promise<Rgw | undefined> => {
  if (missingPrograms().length > 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'credmint-ceph-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  const { url, pids, admin, stop } = await startCluster(folder, quiet);
  const [id, secret] = ['BENCHKEY', randomUUID()];
  await admin('user', 'create', '--uid=bench', '--display-name=bench', `--access-key=${id}`, `--secret-key=${secret}`);
  await admin('role', 'create', '--role-name=demo', `--assume-role-policy-doc=${trust}`);
  return {
    url: `${url}/`,
    version: /\d+\.\d+\.\d+/.exec(await run('radosgw', ['--version']))?.[0] ?? '',
    access: { accessKey: { id, secret }, roles: { aws: roleArn('demo') } },
    processor: () => pids.reduce((sum, pid) => sum + processorOf(pid), 0),
    stop: async () => {
      await stop();
      process.off('exit', remove);
      remove();
    },
  };
};
