import { allTrials } from './faults.ts';

// Prints, for each promise, the fault that was tried and what happened. Exits with 1 if one was not kept.

let broken = 0;
console.log('| promise | fault | kept | figures |\n|---|---|---|---|');
for (const trial of allTrials) {
  const { promise, fault, kept, figures } = await trial();
  if (!kept) broken++;
  console.log(`| ${promise} | ${fault} | ${kept ? 'yes' : 'NO'} | ${figures} |`);
}
process.exitCode = broken === 0 ? 0 : 1;
