import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctName } from '../../lib/core/distinct-name.ts';

const named = (text: string, maxLength = 64) => distinctName(text, { maxLength });

describe('a name for a session', () => {
  it('is the text itself if clouds take it', () => {
    expect(named('alice@example.com')).toBe('alice@example.com');
    expect(named('a'.repeat(64))).toBe('a'.repeat(64));
  });

  it('ends in a digest if the text had to be changed', () => {
    expect(named('alice|admin')).toMatch(/^alice-admin-[0-9a-f]{20}$/);
    expect(named('a'.repeat(65))).toMatch(/^a{43}-[0-9a-f]{20}$/);
    expect(named('a'.repeat(33), 32)).toHaveLength(32);
  });

  it('tells texts apart that differ only where they were changed or cut', () => {
    const texts = ['alice|admin', 'alice:admin', 'alice admin', 'alice-admin', 'alice\nadmin'];
    const long = [`${'a'.repeat(64)}bcdefg`, `${'a'.repeat(64)}hijklm`];
    expect(new Set([...texts, ...long].map((text) => named(text))).size).toBe(texts.length + long.length);
  });

  it('tells a text apart that is what another was changed to', () => {
    const changed = named('alice|admin');
    expect(named(changed)).not.toBe(changed);
  });

  it('tells two sources of one text apart if it may have had another', () => {
    const options = { maxLength: 64, isAmbiguous: true };
    const one = distinctName('a-b-c', { ...options, source: ['a-b', 'c'] });
    expect(distinctName('a-b-c', { ...options, source: ['a', 'b-c'] })).not.toBe(one);
  });

  it('is never the same for two texts, and always one that clouds take', () => {
    const text = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.string({ unit: fc.constantFrom('a', '-', ':', '0'), maxLength: 80 }),
    );
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(named(one)).toMatch(/^[\w+=,.@-]{0,64}$/);
        expect(named(one) === named(other)).toBe(one === other);
      }),
      { numRuns: 1000 },
    );
  });
});
