import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from './ceph/cluster.ts';
import { missingPrograms } from './ceph/programs.ts';
import { checksOf } from './ceph/rehearsal.ts';
import { startCredmint, storeAudience } from './ceph/server.ts';
import { prepareStore, trustIssuer } from './ceph/store.ts';

// Runs credmint before a real Ceph RGW: a cluster of its own in a temporary folder, on 127.0.0.1 alone. Installs nothing.
// Exits with 1 if anything is not as it must be, and with 2 if this machine has no Ceph. `--keep` leaves the folder.

const rehearse = async (folder: string): Promise<number> => {
  const broker = { accessKeyId: 'AKIDBROKER', secretAccessKey: randomBytes(24).toString('base64url') };
  console.log(`Starting Ceph in ${folder}`);
  mkdirSync(join(folder, 'ceph'), { mode: 0o700 });
  const cluster = await startCluster(join(folder, 'ceph'));
  let failed = 0;
  try {
    await prepareStore(cluster, broker);
    const server = await startCredmint({ folder: join(folder, 'credmint'), store: cluster.url, broker });
    try {
      await trustIssuer(cluster, broker, server.url, storeAudience);
      for (const { name, run } of checksOf(server, cluster.url)) {
        const fault = await run().then(
          () => undefined,
          (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)),
        );
        if (fault !== undefined) failed++;
        console.log(fault === undefined ? `ok      ${name}` : `FAILED  ${name}: ${fault}`);
      }
    } finally {
      await server.stop();
    }
  } finally {
    await cluster.stop();
  }
  return failed;
};

const missing = missingPrograms();
if (missing.length > 0) {
  console.error(`This machine has no ${missing.join(', no ')}.`);
  process.exitCode = 2;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'credmint-ceph-'));
  if (!process.argv.includes('--keep')) {
    process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  }
  process.exitCode = (await rehearse(folder)) === 0 ? 0 : 1;
}
