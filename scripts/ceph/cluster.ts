import { randomBytes, randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answers, type Daemon, freePorts, run, startDaemon } from './process.ts';

/** A Ceph cluster of one monitor, one OSD that keeps everything in memory, and one RGW; on 127.0.0.1 alone. */
export interface Cluster {
  /** Where its S3, STS and IAM are. */
  readonly url: string;
  /** The ids of its processes. */
  readonly pids: readonly number[];
  /** Runs `radosgw-admin` and reads what it prints. */
  admin(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

const configurationOf = (
  folder: string,
  fsid: string,
  monitors: string,
  port: number,
  more: string,
): string => `[global]
fsid = ${fsid}
mon host = ${monitors}
mon initial members = a
keyring = ${folder}/keyring
auth allow insecure global id reclaim = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
run dir = ${folder}
admin socket = ${folder}/$name.asok
pid file = ${folder}/$name.pid
log file = ${folder}/$name.log
crash dir = ${folder}
mon data = ${folder}/mon
mon data avail crit = 1
mon allow pool size one = true
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 1073741824
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
[client.rgw]
rgw data = ${folder}
rgw frontends = beast endpoint=127.0.0.1:${port} tcp_nodelay=1
rgw s3 auth use sts = true
rgw sts key = ${randomBytes(8).toString('hex')}
${more}
`;

/** Sets a cluster up in an empty folder, and starts it. `more` are further lines of its configuration, of RGW. */
export const startCluster = async (folder: string, more = ''): Promise<Cluster> => {
  const [newer, older, port] = (await freePorts(3)) as [number, number, number];
  const monitors = `[v2:127.0.0.1:${newer},v1:127.0.0.1:${older}]`;
  const [fsid, osd] = [randomUUID(), randomUUID()];
  const file = (name: string): string => join(folder, name);
  const [configuration, keyring, map] = [file('ceph.conf'), file('keyring'), file('monmap')];
  for (const name of ['mon', 'osd']) mkdirSync(file(name));
  writeFileSync(configuration, configurationOf(folder, fsid, monitors, port, more), { mode: 0o600 });

  const daemons: Daemon[] = [];
  const start = (program: string, ...args: readonly string[]): Daemon => {
    const daemon = startDaemon(program, ['-c', configuration, ...args, '-f'], { log: file(`${program}.out`) });
    daemons.unshift(daemon);
    return daemon;
  };
  const ceph = (args: readonly string[], input?: string) => run('ceph', ['-c', configuration, ...args], input);
  const stop = async () => {
    for (const daemon of daemons) await daemon.stop();
  };

  try {
    await run('ceph-authtool', ['--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *']);
    const everything = ['mon', 'osd', 'mgr'].flatMap((part) => ['--cap', part, 'allow *']);
    await run('ceph-authtool', [keyring, '--gen-key', '-n', 'client.admin', ...everything]);
    await run('monmaptool', ['--create', '--addv', 'a', monitors, '--fsid', fsid, map]);
    await run('ceph-mon', ['-c', configuration, '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring]);
    start('ceph-mon', '-i', 'a');

    appendFileSync(keyring, await ceph(['auth', 'get-or-create', 'client.rgw', 'mon', 'allow rw', 'osd', 'allow rwx']));
    const secret = (await run('ceph-authtool', ['--gen-print-key'])).trim();
    const id = (await ceph(['osd', 'new', osd, '-i', '-'], JSON.stringify({ cephx_secret: secret }))).trim();
    appendFileSync(keyring, `[osd.${id}]\n\tkey = ${secret}\n`);
    await run('ceph-osd', ['-c', configuration, '-i', id, '--mkfs', '--osd-uuid', osd]);
    start('ceph-osd', '-i', id);

    const url = `http://127.0.0.1:${port}`;
    await answers(url, start('radosgw', '-n', 'client.rgw'));
    const pids = daemons.flatMap(({ pid }) => pid ?? []);
    return { url, pids, stop, admin: (...args) => run('radosgw-admin', ['-c', configuration, ...args]) };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
};
