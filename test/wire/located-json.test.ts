import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLocatedJson } from '../../lib/wire/located-json.ts';

describe('JSON that a person wrote', () => {
  it('means what JSON.parse says it means', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 1, 3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        // A name that JSON.parse takes as it is.
        expect(readLocatedJson(text)).toMatchObject({ value: JSON.parse(text) });
      }),
    );
  });

  it('is refused wherever JSON.parse refuses it', () => {
    const tokens = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '01',
      'true',
      'nul',
      ' ',
      '\n',
      '.5',
      '1e',
      '\t',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...tokens), { maxLength: 9 }), (pieces) => {
        const text = pieces.join('');
        const reading = readLocatedJson(text);
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        const twice = 'fault' in reading && reading.fault === 'this name stands twice in one object';
        expect('value' in reading || twice).toBe(isJson);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{\n  "a": 1,\n}', 'there is a comma too many', 3, 1],
    ['{"a": 1 "b": 2}', 'a comma or } is missing', 1, 9],
    ['{a: 1}', 'a name in double quotes is missing', 1, 2],
    ['{"a": 1,\n "a": 2}', 'this name stands twice in one object', 2, 2],
    ['{"a": hunter2}', 'a value cannot be read', 1, 7],
    ['{"a": 1', 'a comma or } is missing', 1, 8],
    ['', 'it ends too early', 1, 1],
    ['{} x', 'something follows its end', 1, 4],
  ])('is refused with its place, and not quoted: %j', (text, fault, line, column) => {
    expect(readLocatedJson(text)).toEqual({ fault, place: { line, column } });
  });

  it('says where a member stands, and of one that is missing where the one around it does', () => {
    const reading = readLocatedJson('{\n  "a": [\n    {"b": 1},\n    {"c": 2}\n  ]\n}');
    if ('fault' in reading) throw new Error(reading.fault);
    expect(reading.placeOf('a.1.c')).toEqual({ line: 4, column: 6 });
    expect(reading.placeOf('a.1.missing')).toEqual({ line: 4, column: 5 });
    expect(reading.placeOf('elsewhere')).toEqual({ line: 1, column: 1 });
  });
});
