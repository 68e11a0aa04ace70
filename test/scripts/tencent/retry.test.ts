import { describe, expect, it } from 'vitest';
import { withRetries } from '../../../scripts/tencent/retry.ts';

/** How often a call is made that fails once with this code. */
const triesAfter = async (code: string): Promise<number> => {
  let tries = 0;
  const client = withRetries(
    {
      createFunction: async () => {
        if (++tries === 1) throw Object.assign(new Error(code), { code });
      },
    },
    0,
  );
  await client.createFunction().catch(() => undefined);
  return tries;
};

describe('a call to SCF', () => {
  it.each([
    'RequestLimitExceeded',
    'RequestLimitExceeded.UinLimitExceeded',
    'LimitExceeded.Frequency',
    'ResourceInUse',
    'OperationConflict',
  ])('is made again after %s, which passes', async (code) => {
    expect(await triesAfter(code)).toBe(2);
  });

  it.each(['ResourceInUse.Function', 'ResourceInUse.FunctionName', 'LimitExceeded.Function', 'InvalidParameterValue'])(
    'is not made again after %s, which lasts',
    async (code) => {
      expect(await triesAfter(code)).toBe(1);
    },
  );
});
