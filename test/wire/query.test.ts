import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeText, readQuery, unescapeForm, writeQuery } from '../../lib/wire/query.ts';

const paramsOf = (text: string) => {
  const reading = readQuery(text);
  return 'fault' in reading ? reading.fault : Object.fromEntries(reading.params);
};

const text = fc.string({ unit: 'binary', maxLength: 30 });
const pairs = fc.uniqueArray(fc.tuple(text, text), { maxLength: 20, selector: ([name]) => name });

describe('reading a query', () => {
  it.each([
    ['', {}],
    ['a=1', { a: '1' }],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a', { a: '' }],
    ['a=', { a: '' }],
    ['=1', { '': '1' }],
    ['a=1=2', { a: '1=2' }],
    ['&&a=1&', { a: '1' }],
    ['a+b=c+d', { 'a b': 'c d' }],
    ['a=%2B', { a: '+' }],
    ['a=%2520', { a: '%20' }],
    ['RoleArn=urn:ecs:iam::s3:role/x', { RoleArn: 'urn:ecs:iam::s3:role/x' }],
    ['n=%E6%B5%8B', { n: '测' }],
    ['n=测', { n: '测' }],
  ])('takes %j for what it says', (query, params) => {
    expect(paramsOf(query)).toEqual(params);
  });

  it.each([
    ['a=1&a=1', 'a parameter came twice'],
    ['a=1&%61=2', 'a parameter came twice'],
    ['a=%', 'an escape is not UTF-8'],
    ['a=%zz', 'an escape is not UTF-8'],
    ['a=%ff', 'an escape is not UTF-8'],
    ['a=%c0%80', 'an escape is not UTF-8'],
    ['%=1', 'an escape is not UTF-8'],
    [Array.from({ length: 513 }, (_, index) => `p${index}`).join('&'), 'too many parameters'],
  ])('finds fault with %.40j', (query, fault) => {
    expect(paramsOf(query)).toBe(fault);
  });

  it('hands on what is legible of a faulty one, the first of each name, to recognize it by', () => {
    const reading = readQuery('a=1&%ff=x&a=2&b=%&c=3');
    expect(reading).toEqual({
      fault: 'an escape is not UTF-8',
      legible: new Map([
        ['a', '1'],
        ['c', '3'],
      ]),
    });
  });

  it('takes 512 parameters', () => {
    const reading = readQuery(Array.from({ length: 512 }, (_, index) => `p${index}=v`).join('&'));
    expect('params' in reading && reading.params.size).toBe(512);
  });

  it('keeps the order in which the parameters came', () => {
    const reading = readQuery('b=1&a=2&10=3&9=4');
    expect('params' in reading && [...reading.params.keys()]).toEqual(['b', 'a', '10', '9']);
  });

  it('is the inverse of writing one', () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const reading = readQuery(writeQuery(given));
        expect('params' in reading && [...reading.params]).toEqual(given);
      }),
    );
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a=&%+ 0fé\ud800') }), (query) => {
        expect(() => readQuery(query)).not.toThrow();
      }),
    );
  });
});

describe('escaping', () => {
  it('leaves bare what RFC 3986 calls unreserved, and nothing else', () => {
    const bare = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~';
    for (let code = 0; code < 128; code++) {
      const character = String.fromCharCode(code);
      const escaped = `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
      expect(escapeText(character)).toBe(bare.includes(character) ? character : escaped);
    }
  });

  it('writes UTF-8, and U+FFFD for half a character', () => {
    expect(escapeText('é测😀')).toBe('%C3%A9%E6%B5%8B%F0%9F%98%80');
    expect(escapeText('\ud83d')).toBe('%EF%BF%BD');
  });

  it('is undone by unescaping', () => {
    fc.assert(
      fc.property(text, (plain) => {
        expect(unescapeForm(escapeText(plain))).toBe(plain);
      }),
    );
  });

  it('is undone once, and a plus is a space', () => {
    expect(unescapeForm('%252B+')).toBe('%2B ');
    expect(unescapeForm('%ff')).toBeUndefined();
  });
});
