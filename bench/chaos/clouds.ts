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
