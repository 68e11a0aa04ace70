import { expect, it } from 'vitest';
import { givingBackProofs } from '../../lib/broker/giving-back-proofs.ts';

it('an act begins with nobody proven, and its result is passed on', async () => {
  const given = await givingBackProofs(async (proven) => ({ proven }));
  expect(given).toEqual({ proven: [] });
});
