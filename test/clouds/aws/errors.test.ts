import { describe, expect, it } from 'vitest';
import { awsErrors, meaningOf } from '../../../lib/clouds/aws/errors.ts';
import { StsError, type StsErrorCode, stsErrors } from '../../../lib/core/errors.ts';
import { context, dialect, provider } from '../../support/clouds/aws.ts';
import { refusalCode } from '../../support/expect-refusal.ts';

describe('the codes of AWS', () => {
  const codes = Object.keys(stsErrors) as StsErrorCode[];

  it.each(codes)('say %s, and what is read of it says the same again', (code) => {
    const say = (one: StsErrorCode) => meaningOf(awsErrors[one].code, awsErrors[one].status);
    expect(say(say(code))).toBe(say(code));
  });

  it.each(codes)('are read by our provider from the reply that says %s', (code) => {
    const reply = dialect.renderError(new StsError(code), context());
    expect(refusalCode(() => provider.normalize(reply, 'AssumeRole'))).toBe(
      meaningOf(awsErrors[code].code, awsErrors[code].status),
    );
  });
});
