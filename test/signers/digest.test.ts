import { describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { derivedKey, keyOf, sameSignature } from '../../lib/signers/digest.ts';

describe('a key that is derived from a secret', () => {
  const counted = (secret = new Secret('secret')) => {
    const made: string[] = [];
    const keyFor = (...scope: readonly string[]) =>
      derivedKey(secret, scope, () => {
        made.push(scope.join('/'));
        return keyOf(scope.join('/'));
      });
    return { made, keyFor };
  };

  it('is made once for a scope', () => {
    const { made, keyFor } = counted();
    const first = keyFor('a', 'b');
    expect(keyFor('a', 'b')).toBe(first);
    for (const other of [['a'], ['a', 'c'], ['b', 'b'], ['a', 'b', 'c'], []]) expect(keyFor(...other)).not.toBe(first);
    expect(keyFor('a', 'b')).toBe(first);
    expect(made).toEqual(['a/b', 'a', 'a/c', 'b/b', 'a/b/c', '']);
  });

  it('is of one secret, not of another with the same text', () => {
    const one = counted().keyFor('a');
    expect(counted().keyFor('a')).not.toBe(one);
  });

  it('is kept for the 16 scopes that were new last', () => {
    const { made, keyFor } = counted();
    const scopes = Array.from({ length: 16 }, (_, index) => `scope-${index}`);
    for (const scope of [...scopes, ...scopes]) keyFor(scope);
    expect(made).toEqual(scopes);
    keyFor('another');
    keyFor('scope-0');
    expect(made).toEqual([...scopes, 'another', 'scope-0']);
    for (const scope of scopes.slice(2)) keyFor(scope);
    expect(made).toHaveLength(18);
  });
});

it.each([
  ['abc', 'abc', true],
  ['', '', true],
  ['abc', 'abd', false],
  ['abc', 'ab', false],
  ['ab', 'abc', false],
  ['\u00e9', '\u00c3\u00a9', false],
])('%j and %j are the same signature: %s', (one, other, expected) => {
  expect(sameSignature(one, other)).toBe(expected);
});
