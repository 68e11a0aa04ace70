import { describe, expect, it } from 'vitest';
import { readDotenv } from '../../lib/client/dotenv.ts';
import { formats } from '../../lib/clouds/json/formats.ts';
import type { Variables } from '../../lib/core/cloud.ts';
import { mintedOf } from '../support/client.ts';

describe('variables of the API', () => {
  it('are read as they were written', () => {
    const variables = (): Variables => [
      ['A_KEY', "it's"],
      ['B_2', 'a=b c$d"e'],
    ];
    const now = new Date('2026-11-22T12:00:00Z');
    const { text } = formats.dotenv({ ...mintedOf(1, now), variables, now });

    expect(readDotenv(text)).toEqual({ A_KEY: "it's", B_2: 'a=b c$d"e' });
  });

  it.each(['A=b', "A='b", "A='b'c'", "a='b'", '{"code":"AccessDenied"}', "A='b'\nrm -rf"])(
    'are not what has another form: %s',
    (text) => {
      expect(readDotenv(text)).toBeUndefined();
    },
  );
});
