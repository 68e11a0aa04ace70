import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../test/support/redis-server.ts';
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
const processorOf = (pid: number | undefined): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

const programs = ['ceph', 'ceph-authtool', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'];

const configOf = (folder: string, monPort: number, rgwPort: number): string => `[global]
fsid = ${randomUUID()}
keyring = ${folder}/keyring
mon host = v2:127.0.0.1:${monPort}
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
mon allow pool size one = true
mon max pg per osd = 1000
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 1073741824
mon data = ${folder}/mon
osd data = ${folder}/osd
run dir = ${folder}
admin socket = ${folder}/$name.$pid.asok
log file = /dev/null
mon cluster log file = /dev/null
crash dir = ${folder}/crash
rgw data = ${folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:${rgwPort}
rgw sts key = ${randomUUID().slice(0, 16)}
rgw s3 auth use sts = true
debug rgw = 0/0
`;

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: ['arn:aws:iam:::user/bench'] }, Action: ['sts:AssumeRole'] }],
});

const answers = async (url: string): Promise<void> => {
  for (let tries = 0; tries < 120; tries++) {
    const reached = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (reached) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('Ceph RGW does not start.');
};

/** Starts one; undefined if this machine does not have the programs. */
export const startRgw = async (): Promise<Rgw | undefined> => {
  if (programs.some((program) => spawnSync(program, ['--version']).error !== undefined)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'credmint-ceph-'));
  for (const name of ['osd', 'rgw', 'crash']) mkdirSync(join(folder, name));
  const [monPort, rgwPort] = [await freePort(), await freePort()];
  const config = join(folder, 'ceph.conf');
  writeFileSync(config, configOf(folder, monPort, rgwPort));
  const of = (program: string, ...args: readonly string[]): string =>
    execFileSync(program, args, {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const children: ChildProcess[] = [];
  const serve = (program: string, ...args: readonly string[]): void => {
    children.push(spawn(program, ['-c', config, '-f', ...args], { cwd: folder, stdio: 'ignore' }));
  };
  // They have no channel that closes with this process, as the other children have.
  const killAll = (): void => {
    for (const child of children) child.kill('SIGKILL');
  };
  process.once('exit', killAll);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const stop = async (): Promise<void> => {
    process.off('exit', killAll);
    for (const child of children.reverse()) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const [id, secret] = ['BENCHKEY', randomUUID()];
    of('ceph-authtool', '--create-keyring', 'keyring', '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
    const caps = ['--cap', 'mon', 'allow *', '--cap', 'osd', 'allow *'];
    of('ceph-authtool', 'keyring', '--gen-key', '-n', 'client.admin', ...caps);
    of(
      'ceph-authtool',
      'keyring',
      '--gen-key',
      '-n',
      'osd.0',
      '--cap',
      'mon',
      'allow profile osd',
      '--cap',
      'osd',
      'allow *',
    );
    of('monmaptool', '--create', '--addv', 'a', `[v2:127.0.0.1:${monPort}]`, 'monmap');
    of('ceph-mon', '-c', config, '--mkfs', '-i', 'a', '--monmap', 'monmap', '--keyring', 'keyring');
    serve('ceph-mon', '-i', 'a');
    const osd = randomUUID();
    of('ceph', '-c', config, 'osd', 'new', osd);
    of('ceph-osd', '-c', config, '--mkfs', '-i', '0', '--osd-uuid', osd);
    serve('ceph-osd', '-i', '0');
    const admin = (...args: readonly string[]): string => of('radosgw-admin', '-c', config, ...args);
    admin('user', 'create', '--uid=bench', '--display-name=bench', `--access-key=${id}`, `--secret-key=${secret}`);
    admin('role', 'create', '--role-name=demo', `--assume-role-policy-doc=${trust}`);
    serve('radosgw', '-n', 'client.admin');
    const url = `http://127.0.0.1:${rgwPort}/`;
    await answers(url);
    return {
      url,
      version: /\d+\.\d+\.\d+/.exec(of('radosgw', '--version'))?.[0] ?? '',
      access: { accessKey: { id, secret }, roles: { aws: 'arn:aws:iam:::role/demo' } },
      processor: () => children.reduce((sum, { pid }) => sum + processorOf(pid), 0),
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};
