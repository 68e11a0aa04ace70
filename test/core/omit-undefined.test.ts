import { describe, expect, it } from 'vitest';
import { omitUndefined } from '../../lib/core/omit-undefined.ts';

interface Named {
  readonly name: string;
  readonly port?: number;
}

describe('omitUndefined', () => {
  it('leaves out the members that are undefined, and keeps null, zero and the empty text', () => {
    const members = omitUndefined<Record<string, unknown>>({ a: undefined, b: null, c: 0, d: '' });
    expect(Object.entries(members)).toEqual([
      ['b', null],
      ['c', 0],
      ['d', ''],
    ]);
  });

  it('gives the type that its place expects, of a whole object and of what is spread into one', () => {
    const port: number | undefined = undefined;
    const whole: Named = omitUndefined({ name: 'a', port });
    const spread: Named = { name: 'a', ...omitUndefined({ port }) };
    expect(whole).toEqual(spread);
    expect(Object.keys(whole)).toEqual(['name']);
  });

  it('is a mistake of types if a member has another name or another type, or if a required one may be undefined', () => {
    // @ts-expect-error: Named has no prot.
    const misspelt: Named = { name: 'a', ...omitUndefined({ prot: 1 }) };
    // @ts-expect-error: Named has no prot.
    const misspeltWhole: Named = omitUndefined({ name: 'a', prot: 1 });
    // @ts-expect-error: a port is a number.
    const text: Named = omitUndefined({ name: 'a', port: '1' });
    // @ts-expect-error: a name must be there.
    const nameless: Named = omitUndefined({ name: undefined, port: 1 });
    // `npm run check` is the test of the types. At run time nothing is checked: what is there stays.
    expect([misspelt, misspeltWhole, text, nameless]).toEqual([
      { name: 'a', prot: 1 },
      { name: 'a', prot: 1 },
      { name: 'a', port: '1' },
      { port: 1 },
    ]);
  });
});
