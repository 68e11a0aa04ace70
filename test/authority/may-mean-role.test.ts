import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayMeanRole } from '../../lib/authority/may-mean-role.ts';

const named = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;

const encoded = (text: string): string => text.replace(/[^:/]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);

describe('a pattern that is encoded', () => {
  it('may mean the role however often it is', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9_.-]{1,12}$/), fc.integer({ min: 1, max: 4 }), (name, times) => {
        const written = Array.from({ length: times }).reduce<string>((text) => encoded(text), name);
        expect(mayMeanRole(named(name))(named(written))).toBe(true);
        expect(mayMeanRole(named(`${name}x`))(named(written))).toBe(false);
      }),
    );
  });

  it('is read to its end if that is thousands of times', () => {
    const layers = '25'.repeat(100_000);
    expect(mayMeanRole(named('demo'))(named(`%${layers}64emo`))).toBe(true);
    expect(mayMeanRole(named('demo'))(named(`%${layers}65emo`))).toBe(false);
  });
});
