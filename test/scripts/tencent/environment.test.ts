import { describe, expect, it } from 'vitest';
import { changedVariables, ownVariables, variablesAfter } from '../../../scripts/tencent/environment.ts';

describe('the variables of a function of SCF', () => {
  const byHand = { TENCENT_KEY: 'set by hand' };
  const deployed = { ...byHand, ...ownVariables({ CI_SECRET: 'one', OLD_SECRET: 'two' }) };

  it('that were deployed and are no longer wanted are taken away; those set by hand stay', () => {
    const wanted = ownVariables({ CI_SECRET: 'one' });

    expect(changedVariables(wanted, deployed)).toEqual(['CREDMINT_VARIABLES', 'OLD_SECRET']);
    expect(variablesAfter(wanted, deployed)).toEqual({ ...byHand, ...wanted });
  });

  it('are all taken away, the list too, if none is wanted', () => {
    expect(variablesAfter(ownVariables({}), deployed)).toEqual(byHand);
  });

  it('differ in nothing after what was planned is applied', () => {
    const wanted = ownVariables({ CI_SECRET: 'new' });

    expect(changedVariables(wanted, variablesAfter(wanted, deployed))).toEqual([]);
  });
});
