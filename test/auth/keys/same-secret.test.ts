import { describe, expect, it } from 'vitest';
import { isSameSecret } from '../../../lib/auth/keys/same-secret.ts';
import { Secret } from '../../../lib/core/secret.ts';

describe('a secret that is shown', () => {
  it.each([
    ['open-sesame', 'open-sesame', true],
    ['open-sesame', 'open-sesam', false],
    ['open-sesame', 'open-sesame ', false],
    ['open-sesame', '', false],
    [undefined, 'open-sesame', false],
    [undefined, '', false],
  ])('is compared whole: expected %j, shown %j', (expected, shown, same) => {
    expect(isSameSecret(expected === undefined ? undefined : new Secret(expected), new Secret(shown))).toBe(same);
  });
});
