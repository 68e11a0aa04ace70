import { describe, expect, it } from 'vitest';
import { grouped } from '../../lib/core/grouped.ts';

describe('items in groups', () => {
  it('are under their key, in their order', () => {
    expect(grouped(['b1', 'a1', 'b2'], ([letter]) => letter)).toEqual(
      new Map([
        ['b', ['b1', 'b2']],
        ['a', ['a1']],
      ]),
    );
  });
});
