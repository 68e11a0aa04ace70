import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latinPolicy } from '../../lib/clouds/latin-policy.ts';

describe('a policy in the characters that STS takes', () => {
  it('escapes what is above U+00FF, half by half beyond the first plane, and nothing else', () => {
    expect(latinPolicy('{"a":"ÿ 研\\n😀"}')).toBe('{"a":"ÿ \\u7814\\n\\ud83d\\ude00"}');
    expect(latinPolicy(undefined)).toBeUndefined();
  });

  it('is the same JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        const escaped = latinPolicy(text) ?? '';
        expect(JSON.parse(escaped)).toEqual(JSON.parse(text));
        expect(escaped).toMatch(/^[\u0000-\u00ff]*$/);
      }),
    );
  });
});
