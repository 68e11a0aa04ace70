import { describe, expect, it } from 'vitest';
import { addressesOf, addressIn, anyAddress } from '../../../lib/diagnostics/prove/addresses.ts';
import { intersectIntervals, subtractIntervals } from '../../../lib/grants/prove/intervals.ts';
import { addressList } from '../../../lib/transport/addresses.ts';

const v6 = (address: bigint): bigint => (1n << 32n) + address;
const ffff = 0xffffn << 32n;

describe('the addresses of ranges', () => {
  it.each<[readonly string[], readonly (readonly [bigint, bigint])[]]>([
    [
      ['10.0.0.0/8'],
      [
        [0x0a000000n, 0x0affffffn],
        [v6(ffff + 0x0a000000n), v6(ffff + 0x0affffffn)],
      ],
    ],
    // What stands behind the prefix does not matter.
    [
      ['10.1.2.3/8'],
      [
        [0x0a000000n, 0x0affffffn],
        [v6(ffff + 0x0a000000n), v6(ffff + 0x0affffffn)],
      ],
    ],
    [
      ['192.0.2.1'],
      [
        [0xc0000201n, 0xc0000201n],
        [v6(ffff + 0xc0000201n), v6(ffff + 0xc0000201n)],
      ],
    ],
    [['2001:db8::/32'], [[v6(0x20010db8n << 96n), v6((0x20010db9n << 96n) - 1n)]]],
    [['::1'], [[v6(1n), v6(1n)]]],
    [['1:2:3:4:5:6:7:8'], [[v6(0x00010002000300040005000600070008n), v6(0x00010002000300040005000600070008n)]]],
    [['1::8'], [[v6(0x00010000000000000000000000000008n), v6(0x00010000000000000000000000000008n)]]],
    [
      ['::ffff:10.2.0.0/112'],
      [
        [0x0a020000n, 0x0a02ffffn],
        [v6(ffff + 0x0a020000n), v6(ffff + 0x0a02ffffn)],
      ],
    ],
    [
      ['::ffff:10.20.130.240'],
      [
        [0x0a1482f0n, 0x0a1482f0n],
        [v6(ffff + 0x0a1482f0n), v6(ffff + 0x0a1482f0n)],
      ],
    ],
    [['64:ff9b::192.0.2.33'], [[v6((0x0064ff9bn << 96n) + 0xc0000221n), v6((0x0064ff9bn << 96n) + 0xc0000221n)]]],
    [
      ['::ffff:1.2.3.4'],
      [
        [0x01020304n, 0x01020304n],
        [v6(ffff + 0x01020304n), v6(ffff + 0x01020304n)],
      ],
    ],
    // Those of version 4 come first, and those of version 6 go on from there.
    [['::/80'], [[0n, v6((1n << 48n) - 1n)]]],
    [[], []],
  ])('%j are also those of the other version that are the same', (ranges, expected) => {
    expect(addressesOf(ranges)).toEqual(expected);
  });

  it('are those that a list of addresses takes', () => {
    for (const range of [
      '10.0.0.0/7',
      '192.0.2.128/25',
      '0.0.0.0/0',
      '2001:db8::/33',
      '::ffff:192.0.2.0/120',
      '::/0',
    ]) {
      const [set, list] = [addressesOf([range]), addressList([range])];
      for (const address of ['10.0.0.1', '11.255.255.255', '12.0.0.0', '192.0.2.127', '192.0.2.129', '8.8.8.8']) {
        const isIn = intersectIntervals(set, addressesOf([address])).length > 0;
        expect([range, address, isIn]).toEqual([range, address, list.check(address, 'ipv4')]);
      }
      for (const address of ['2001:db8::1', '2001:db8:8000::', '::1', '::ffff:192.0.2.3', 'ff02::1']) {
        const isIn = intersectIntervals(set, addressesOf([address])).length > 0;
        expect([range, address, isIn]).toEqual([range, address, list.check(address, 'ipv6')]);
      }
    }
  });
});

describe('an address of a set', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0'],
    ['192.0.2.1', '192.0.2.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:db8::/32', '2001:db8:0:0:0:0:0:0'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['::', '0:0:0:0:0:0:0:0'],
  ])('of %s is the first', (range, address) => {
    expect(addressIn(addressesOf([range]))).toBe(address);
  });

  it('is none if none need be known', () => {
    expect(addressIn(anyAddress)).toBeUndefined();
    expect(addressIn([])).toBeUndefined();
    const known = subtractIntervals(anyAddress, [[-1n, -1n]]);
    expect([known, addressIn(known)]).toEqual([[[0n, (1n << 32n) + (1n << 128n) - 1n]], '0.0.0.0']);
    expect(subtractIntervals(anyAddress, addressesOf(['0.0.0.0/0', '::/0']))).toEqual([[-1n, -1n]]);
  });
});
