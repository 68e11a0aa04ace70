import { expect, it } from 'vitest';
import { type Alphabet, representatives } from '../../../lib/grants/prove/shape.ts';

const any: Alphabet = () => true;
const isDigit: Alphabet = (letter) => letter >= '0' && letter <= '9';
const everyOrdinary = [...'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.~+'];

it.each<[string, readonly string[], Alphabet, readonly string[]]>([
  ['any letter, and the separators', [], any, ['a', '/', ':']],
  ['one that is not mentioned, and those that are', ['a', 'b'], any, ['c', 'a', 'b', '/', ':']],
  ['none twice', ['/', ':'], any, ['a', '/', ':']],
  ['one of the alphabet', [], isDigit, ['0']],
  ['no other than those of the alphabet that are mentioned', ['a', '1'], isDigit, ['0', '1']],
  ['a separator, if the alphabet has no other', [], (letter) => letter === '/', ['/']],
  ['nothing, if the alphabet has nothing', ['a'], () => false, []],
  ['a rarer letter, if all others are mentioned', everyOrdinary, any, ['\u0100', ...everyOrdinary, '/', ':']],
  ['the last of the rarer ones', [], (letter) => letter === '\u04ff', ['\u04ff']],
  ['no letter beyond those', [], (letter) => letter === '\u0500', []],
])('letters that stand for all of an alphabet have %s', (_, mentioned, alphabet, expected) => {
  expect(representatives(new Set(mentioned), alphabet)).toEqual(expected);
});
