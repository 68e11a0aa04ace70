import { describe, expect, it } from 'vitest';
import { byLeaseToken } from '../../../lib/auth/keys/by-lease-token.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { expectRefusal } from '../../support/expect-refusal.ts';

const tokens = new Map([
  ['nightly', new Secret('the token of the nightly lease')],
  ['hourly', new Secret('the token of the hourly lease')],
]);
const prove = (lease: string, token: string) => byLeaseToken(tokens)(lease, new Secret(token));

describe('the token of a lease', () => {
  it('proves a reader of that lease', () => {
    expect(prove('nightly', 'the token of the nightly lease')).toEqual({
      name: 'lease-reader',
      proof: 'readToken',
      claims: { sub: 'nightly' },
    });
  });

  it.each([
    ['another token', 'nightly', 'a token'],
    ['the token of another lease', 'nightly', 'the token of the hourly lease'],
    ['no token', 'nightly', ''],
    ['a lease that has none', 'weekly', ''],
    ['an inherited name', 'constructor', ''],
  ])('is refused in the same words for %s', (_, lease, token) => {
    const { code, message } = expectRefusal(() => prove(lease, token));
    expect([code, message]).toEqual(['InvalidToken', 'The token is not one of this lease.']);
  });
});
