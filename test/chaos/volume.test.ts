import { expect, it } from 'vitest';
import { named, openInstances, outcome } from '../support/mint/instances.ts';

it('500 callers who ask 5,000 times a second for half a minute cost 500 calls', async () => {
  const all = openInstances({ ceiling: () => 600 });
  const { clock, cloud } = all;
  let answered = 0;
  for (let second = 0; second < 30; second++) {
    for (let index = 0; index < 5_000; index++) {
      void outcome(all, named('job', `caller-${index % 500}`)).then(({ key }) => {
        if (key !== undefined) answered++;
      });
    }
    await clock.pass(1_000);
  }
  expect(answered).toBe(150_000);
  expect(cloud.calls).toBe(500);
}, 60_000);

it('50,000 questions at once under a ceiling of 600 a second meet no limit of the cloud, and each is answered or refused in time', async () => {
  const all = openInstances({ instances: 2, ceiling: () => 600 });
  const { clock, cloud } = all;
  cloud.limit = 600;
  const began = clock.now().getTime();
  const asking = Promise.all(
    Array.from({ length: 50_000 }, (_, index) => outcome(all, named(`job-${index}`), { instance: index % 2 })),
  );
  await clock.pass(12_000);
  const said = await asking;
  const minted = said.filter(({ key }) => key !== undefined);
  // Nearly ten seconds of what callers who wait may have: four fifths of the ceiling.
  expect(minted.length).toBeGreaterThan(9 * 0.8 * 600);
  expect(new Set(minted.map(({ key }) => key)).size).toBe(minted.length);
  for (const { code, at } of said) {
    expect(at - began).toBeLessThanOrEqual(10_000);
    expect(code ?? 'Throttled').toBe('Throttled');
  }
  expect(cloud.refusals).toBe(0);
  expect(Math.max(...cloud.perSecond.values())).toBeLessThanOrEqual(600);
}, 60_000);
