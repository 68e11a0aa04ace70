import { reply } from '../../test/support/fake-cloud.ts';
import { account } from '../../test/support/server-process.ts';
import { faults, openStandIn } from './stand-in.ts';
import { askAll, type Finding, names, onStage, secondsUntil, told } from './trial.ts';

/** A cloud that goes away and comes back. */
export const cloudGone = (): Promise<Finding> =>
  onStage(
    () => ({}),
    async ({ server, cloud }) => {
      await askAll(server, ['kept']);
      cloud.failing = true;
      for (const name of names('lost', 12)) await server.assume(name);
      const kept = await askAll(server, Array(20).fill('kept'));
      cloud.failing = false;
      let tries = 0;
      const seconds = await secondsUntil(async () => (await server.assume(`back-${++tries}`)).status === 200, 30);
      return {
        promise: 'kept credentials 100 % through every cloud fault; the first new ones within 5 s of its return',
        fault: 'the cloud says 503, and is back',
        kept: kept.served === 20 && seconds <= 5,
        figures: `kept ${told(kept)}; first new after ${seconds.toFixed(1)} s`,
      };
    },
  );

/** How long a caller may wait at most, as the docs promise. */
const maxWaitMs = 10_500;

/** A cloud that refuses, hangs, says nonsense, breaks off or says too much, one after the other. */
export const cloudInTrouble = async (): Promise<Finding> => {
  let minted = 0;
  const cloud = await openStandIn(() => reply(++minted, 3_600_000));
  try {
    return await onStage(
      () => ({ accounts: { aws: { ...account(cloud.url), requestsPerSecond: 2_000 } } }),
      async ({ server }) => {
        await askAll(server, ['kept']);
        const statuses = new Set<number>();
        let kept = 0;
        let slowestMs = 0;
        let backSeconds = 0;
        for (const [index, fault] of faults.entries()) {
          cloud.fault = fault;
          const began = performance.now();
          const lost = names(`lost-${index}`, 10).map(async (name) => {
            const { status } = await server.assume(name);
            statuses.add(status);
            slowestMs = Math.max(slowestMs, performance.now() - began);
          });
          kept += (await askAll(server, Array(20).fill('kept'))).served;
          await Promise.all(lost);
          cloud.fault = undefined;
          let tries = 0;
          const back = await secondsUntil(
            async () => (await server.assume(`back-${index}-${tries++}`)).status === 200,
            30,
          );
          backSeconds = Math.max(backSeconds, back);
        }
        const areTold = [...statuses].every((status) => status === 502 || status === 503 || status === 504);
        return {
          promise: 'kept credentials 100 % through every cloud fault; the first new ones within 5 s of its return',
          fault: `the cloud ${faults.join(', ')}, with 10 new requests at once each time`,
          kept: kept === 20 * faults.length && areTold && slowestMs <= maxWaitMs && backSeconds <= 5,
          figures: `kept ${kept} of ${20 * faults.length}; new ones told ${[...statuses].join(', ')} within ${Math.round(slowestMs)} ms; first new after ${backSeconds.toFixed(1)} s at most`,
        };
      },
    );
  } finally {
    await cloud.close();
  }
};
