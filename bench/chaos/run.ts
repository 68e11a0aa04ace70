import { diskFull, killed, secondWriter } from './audit.ts';
import { cloudGone } from './clouds.ts';
import { leavingUnderLoad } from './connections.ts';
import { soak } from './soak.ts';
import { redisStopped, sqliteLocked } from './stores.ts';
import type { Finding } from './trial.ts';

// Prints, for each promise, the fault that was tried and what happened. Exits with 1 if one was not kept. Runs those whose
// names are given, or all.

const trials: Readonly<Record<string, () => Promise<Finding>>> = {
  redisStopped,
  sqliteLocked,
  secondWriter,
  diskFull,
  killed,
  cloudGone,
  leavingUnderLoad,
  soak,
};

const chosen = process.argv.slice(2);
let broken = 0;
console.log('| promise | fault | kept | figures |\n|---|---|---|---|');
for (const [name, trial] of Object.entries(trials)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const { promise, fault, kept, figures } = await trial();
  if (!kept) broken++;
  console.log(`| ${promise} | ${fault} | ${kept ? 'yes' : 'NO'} | ${figures} |`);
}
process.exitCode = broken === 0 ? 0 : 1;
