import { describe, expect, it } from 'vitest';
import { canonicalParams, canonicalQuery, headerValue } from '../../lib/signers/canonical.ts';

describe('the value of a header that is signed', () => {
  it.each([
    ['host', 'sts.example.test'],
    ['x-a', ' as it travels '],
    ['x-b', ''],
    // What an object inherits is no header.
    ['constructor', ''],
    ['toString', ''],
  ])('%s is %j', (name, value) => {
    expect(headerValue({ host: 'sts.example.test', headers: { 'x-a': ' as it travels ', host: 'other' } }, name)).toBe(
      value,
    );
  });
});

describe('parameters that are signed', () => {
  it('are in the order of their names as these are escaped', () => {
    const params = new Map([
      ['b', '2'],
      ['a', ' '],
      ['a*', "!'()"],
      ['\u00e9', '\u00fc'],
      ['a-', '/'],
      ['B', '1'],
      ['c', ''],
    ]);
    const expected = '%C3%A9=%C3%BC&B=1&a=%20&a%2A=%21%27%28%29&a-=%2F&b=2&c=';
    expect(canonicalParams(params)).toBe(expected);
    expect(canonicalParams(new Map([...params].reverse()))).toBe(expected);
    expect(canonicalParams(params, 'b')).toBe(expected.replace('&b=2', ''));
  });

  it.each([
    ['', ''],
    ['b=2&a=1', 'a=1&b=2'],
    ['b=2&X-Sig=3&a=1', 'a=1&b=2'],
    ['a=+&b=%2b&c=%7e&d=~', 'a=%20&b=%2B&c=~&d=~'],
    ['a&b', 'a=&b='],
    // What cannot be read stays as it is.
    ['b=%ff&a=1', 'b=%ff&a=1'],
    ['a=1&a=2', 'a=1&a=2'],
  ])('are of the query %j: %j', (query, expected) => {
    expect(canonicalQuery(query, 'X-Sig')).toBe(expected);
  });
});
