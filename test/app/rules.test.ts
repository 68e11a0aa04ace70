import { describe, expect, it } from 'vitest';
import { rulesOf } from '../../lib/app/rules.ts';
import { readConfig } from '../../lib/config/load.ts';
import type { Account } from '../../lib/core/cloud.ts';
import { expectRefusal } from '../support/expect-refusal.ts';

describe('the rules of a function', () => {
  it.each([
    ['authority', 'This function was built without the authority.'],
    ['ucloud', 'This function was built without ucloud.'],
  ])('say that it was built without %s, rather than that the operation does not exist', (cloud, message) => {
    const rules = rulesOf(readConfig({ accounts: {} }, { folder: '.', environment: {} }), [], undefined);
    const account: Account = { name: 'a', cloud, endpoint: new URL('https://cloud.example.test/') };
    expect(expectRefusal(() => rules.range(account, 'AssumeRole', 'json'))).toMatchObject({
      code: 'Misconfigured',
      message,
    });
  });
});
