import { describe, expect, it } from 'vitest';
import { meaningOf, retCodes } from '../../../lib/clouds/ucloud/errors.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../../lib/core/errors.ts';
import { context, dialect, form, provider, wanted } from '../../support/clouds/ucloud.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

describe('the codes of UCloud', () => {
  const codes = Object.keys(stsErrors) as StsErrorCode[];

  it.each(codes)('say %s, and what is read of it says the same again', (code) => {
    const once = meaningOf(retCodes[code], 200);
    expect(meaningOf(retCodes[once], 200)).toBe(once);
  });

  it.each(codes)('are read by our provider from the reply that says %s', (code) => {
    const reply = dialect.renderError(new StsError(code), context(form({ ...wanted, PublicKey: 'a' })));
    expect(reply.status).toBe(200);
    expect(refusalCode(() => provider.normalize(reply, 'AssumeRole'))).toBe(meaningOf(retCodes[code], 200));
  });

  it('never make a client of ours repeat what cannot succeed, but for what UCloud itself lumps together', () => {
    const lumped = ['CloudRefused', 'CloudUnintelligible', 'AccountRefused', 'Misconfigured', 'Internal'];
    for (const code of codes.filter((one) => !lumped.includes(one))) {
      expect([code, stsErrors[meaningOf(retCodes[code], 200)].retryable]).toEqual([code, stsErrors[code].retryable]);
    }
  });
});
