import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExactJson } from '../../lib/wire/exact-json.ts';
import { isObject, member, readJson } from '../../lib/wire/json.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('reading JSON', () => {
  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 10 }), (text) => {
        expect(readJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each(['', '{', 'nul', '{"a":1,}', "{'a':1}", '1 2', '\u00001', '{"secret":"abc'])(
    'says nothing about why %j is none',
    (text) => {
      expect(readJson(text)).toBeUndefined();
    },
  );

  it('goes 32 deep and no deeper', () => {
    expect(readJson(nested(32))).toBeDefined();
    expect(readJson(nested(33))).toBeUndefined();
    expect(readJson(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`)).toBeUndefined();
    expect(readJson(nested(100_000))).toBeUndefined();
  });

  it('counts no bracket that stands in a string', () => {
    const text = JSON.stringify(['[[[['.repeat(20), '\\"[[['.repeat(20)]);
    expect(readJson(text)).toEqual(JSON.parse(text));
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\0e-tu \n') }), (text) => {
        expect(() => readJson(text)).not.toThrow();
        expect(() => readExactJson(text)).not.toThrow();
      }),
    );
  });
});

describe('a member', () => {
  it('is found by own name only', () => {
    expect(member({ a: 1 }, 'a')).toBe(1);
    expect(member({}, 'constructor')).toBeUndefined();
    expect(member({}, '__proto__')).toBeUndefined();
    expect(member(JSON.parse('{"__proto__":1}'), '__proto__')).toBe(1);
    expect(member([1], '0')).toBeUndefined();
    expect(member(null, 'a')).toBeUndefined();
  });

  it('is of objects, and lists are none', () => {
    expect([{}, [], null, 'a', 1].map(isObject)).toEqual([true, false, false, false, false]);
  });
});

describe('reading JSON exactly', () => {
  it.each([
    ['3600', '3600'],
    ['-1', '-1'],
    ['0', '0'],
    ['-0', '-0'],
    ['42.0', '42'],
    ['42.420', '42.42'],
    ['0.10', '0.1'],
    ['1e15', '1000000000000000'],
    ['1E+21', '1000000000000000000000'],
    ['1.5e3', '1500'],
    ['15e-1', '1.5'],
    ['1e-7', '0.0000001'],
    ['120e-1', '12'],
    ['0e5', '0'],
    ['9007199254740993', '9007199254740993'],
    ['18446744073709551615', '18446744073709551615'],
    ['0.1000000000000000055511151231257827', '0.1000000000000000055511151231257827'],
  ])('takes the number %s for the text %s', (number, text) => {
    expect(readExactJson(number)).toBe(text);
    expect(readExactJson(`{"a":[${number} , {"b":${number}}]}`)).toEqual({ a: [text, { b: text }] });
  });

  it('leaves strings that look like numbers, or hold quotes, as they are', () => {
    const value = { '1': '2', 'a"3': '\\"4', b: '5\\', 'c:6': ['{"d":7}'] };
    expect(readExactJson(JSON.stringify(value))).toEqual(value);
  });

  it('takes an integer for all its digits, however many', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 100n), max: 10n ** 100n }), (integer) => {
        expect(readExactJson(`{"id": ${integer}}`)).toEqual({ id: String(integer) });
      }),
    );
  });

  it('takes every double for a text of the same value', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (double) => {
        const text = readExactJson(JSON.stringify(double));
        expect(text).toMatch(/^-?\d+(\.\d*[1-9])?$/);
        expect(Number(text) + 0).toBe(double + 0);
      }),
    );
  });

  it('gives what JSON.parse gives, numbers apart', () => {
    const texts = (value: unknown): unknown => {
      if (typeof value === 'number') return readExactJson(JSON.stringify(value));
      if (Array.isArray(value)) return value.map(texts);
      if (!isObject(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, texts(inner)]));
    };
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(readExactJson(text)).toEqual(texts(JSON.parse(text)));
      }),
    );
  });

  it.each([
    '{"a":1,"a":2}',
    '{"a":{"b":1,"b":1}}',
    '[{"a":1,"\\u0061":2}]',
    '{"__proto__":1,"__proto__":2}',
    '{"a":1e401}',
    '{"a":1e-401}',
    `{"a":${'1'.repeat(401)}}`,
    '{"a":1e99999999999999999999}',
    '',
    '{"a":01}',
    '{"a":+1}',
    '{"a":.5}',
    '{"a":NaN}',
  ])('finds no reading of %.40s', (text) => {
    expect(readExactJson(text)).toBeUndefined();
  });

  it('comes to an end with 64 KiB of digits, and with as many quotes', () => {
    expect(readExactJson(`[0.${'0'.repeat(65_000)}1]`)).toBeUndefined();
    expect(readExactJson(`["${'\\"'.repeat(32_000)}"]`)).toBeDefined();
  });
});
