import { type Intervals, intervals } from '../../grants/prove/intervals.ts';

// Addresses as numbers: -1 is that none is known, then come those of IPv4, then those of IPv6.

const none = -1n;
const lastV4 = (1n << 32n) - 1n;
const firstV6 = 1n << 32n;
const lastV6 = firstV6 + (1n << 128n) - 1n;
/** `::ffff:0:0`: an IPv4 address in IPv6, which a list of addresses takes for the same. */
const mapped = firstV6 + (0xffffn << 32n);

/** Every address, and that none is known. */
export const anyAddress: Intervals = [[none, lastV6]];

const numberOfV4 = (text: string): bigint => text.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);

const numberOfV6 = (text: string): bigint => {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const v4 = tail?.[2] === undefined ? undefined : numberOfV4(tail[2]);
  const plain =
    v4 === undefined ? text : `${tail?.[1] ?? ''}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`;
  const [head = '', rest] = plain.split('::');
  const groups = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(rest ?? '')];
  const zeros = rest === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n);
};

/** The addresses of ranges such as `10.0.0.0/8`, each of IPv4 also as it is written in IPv6, and the reverse. */
export const addressesOf = (ranges: readonly string[]): Intervals =>
  intervals(
    ranges.flatMap((range): Intervals => {
      const [address = '', bits] = range.split('/');
      const isV4 = !address.includes(':');
      const width = isV4 ? 32 : 128;
      const size = 1n << BigInt(width - Number(bits ?? width));
      const number = isV4 ? numberOfV4(address) : numberOfV6(address);
      const first = number - (number % size);
      const last = first + size - 1n;
      if (isV4) {
        return [
          [first, last],
          [mapped + first, mapped + last],
        ];
      }
      const [from, until] = [firstV6 + first, firstV6 + last];
      return [
        [from, until],
        [(from > mapped ? from : mapped) - mapped, (until < mapped + lastV4 ? until : mapped + lastV4) - mapped],
      ];
    }),
  );

/** An address of the set; undefined if it must not be known, or need not be. */
export const addressIn = (set: Intervals): string | undefined => {
  const [first] = set[0] ?? [none];
  if (first < 0n) return undefined;
  if (first <= lastV4) return [24n, 16n, 8n, 0n].map((shift) => (first >> shift) & 0xffn).join('.');
  const number = first - firstV6;
  return Array.from({ length: 8 }, (_, at) => ((number >> BigInt(112 - 16 * at)) & 0xffffn).toString(16)).join(':');
};
