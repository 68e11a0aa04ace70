import { diskFull, killed, readerOfOutputStops, secondWriter, tailCut } from './audit.ts';
import { clockGoesBack, clockGoesForth } from './clocks.ts';
import { cloudGone, cloudInTrouble } from './clouds.ts';
import { stoppedInBucket, stoppedInOutput, stoppedInQueue } from './collected.ts';
import { leavingUnderLoad, readersThatReadNothing } from './connections.ts';
import { filesUsedUp, redisRefuses, sqliteRemoved, strangersInPlaceOfRedis } from './refusing-stores.ts';
import { issuerKeys, kmsKey, recipientKey, remoteAccountKeys, webhookSecret } from './rotated-keys.ts';
import { accountKey, auditKey, authorityKeys, callerKey, sealingKeys } from './rotations.ts';
import { bucketInTrouble, deliveriesInTrouble, issuerInTrouble, queueInTrouble } from './services.ts';
import { endedWhileStarting, signalsAtOnce } from './signals.ts';
import { soak } from './soak.ts';
import {
  ceilingWithoutStore,
  dynamodbSilent,
  dynamodbThrottles,
  redisStopped,
  redisSwallowed,
  sqliteLocked,
  storeDiskFull,
  thawed,
  twoOnSqlite,
} from './stores.ts';
import type { Finding } from './trial.ts';

// Prints, for each promise, the fault that was tried and what happened. Exits with 1 if one was not kept. Runs those whose
// names are given, or all.

const trials: Readonly<Record<string, () => Promise<Finding>>> = {
  redisStopped,
  redisSwallowed,
  sqliteLocked,
  storeDiskFull,
  dynamodbSilent,
  dynamodbThrottles,
  ceilingWithoutStore,
  twoOnSqlite,
  redisRefuses,
  strangersInPlaceOfRedis,
  sqliteRemoved,
  filesUsedUp,
  thawed,
  cloudGone,
  cloudInTrouble,
  secondWriter,
  diskFull,
  readerOfOutputStops,
  killed,
  tailCut,
  stoppedInBucket,
  stoppedInQueue,
  stoppedInOutput,
  clockGoesBack,
  clockGoesForth,
  endedWhileStarting,
  signalsAtOnce,
  leavingUnderLoad,
  readersThatReadNothing,
  accountKey,
  callerKey,
  sealingKeys,
  authorityKeys,
  auditKey,
  remoteAccountKeys,
  issuerKeys,
  webhookSecret,
  recipientKey,
  kmsKey,
  bucketInTrouble,
  queueInTrouble,
  deliveriesInTrouble,
  issuerInTrouble,
  soak,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !Object.hasOwn(trials, name));
if (unknown.length > 0) {
  console.error(`There is no trial ${unknown.join(', ')}. The trials: ${Object.keys(trials).join(', ')}.`);
  process.exit(1);
}
let broken = 0;
console.log('| promise | fault | kept | figures |\n|---|---|---|---|');
for (const [name, trial] of Object.entries(trials)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const { promise, fault, kept, figures } = await trial();
  if (!kept) broken++;
  console.log(`| ${promise} | ${fault} | ${kept ? 'yes' : 'NO'} | ${figures} |`);
}
process.exitCode = broken === 0 ? 0 : 1;
