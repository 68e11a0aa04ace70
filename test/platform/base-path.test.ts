import { describe, expect, it, vi } from 'vitest';
import { basePathOf } from '../../lib/platform/base-path.ts';
import { maxPathLength } from '../../lib/platform/raw-request.ts';

const route = '/{proxy+}';

describe('the base path of a gateway', () => {
  it.each([
    ['/live/leases/nightly', route, { proxy: 'leases/nightly' }, '/live'],
    ['/a/b/assumeRole', '/assumeRole', undefined, '/a/b'],
    ['/assumeRole', '/assumeRole', undefined, ''],
    ['/live/leases/a%20b', route, { proxy: 'leases/a b' }, '/live'],
    ['/live/leases/a%2Fb', route, { proxy: 'leases/a/b' }, '/live'],
    ['/live/leases/100%/a%20b', route, { proxy: 'leases/100%/a b' }, '/live'],
    ['/leases/leases', '/leases', undefined, '/leases'],
    ['/live/', '/', undefined, '/live'],
    ['/live', '/', undefined, '/live'],
    ['/live/other', '/assumeRole', undefined, undefined],
    ['/live/other', route, {}, undefined],
    ['/live/other', '$default', undefined, undefined],
  ])('of %s, whose route is %s, is what stands before the route', (sent, of, parameters, base) => {
    expect(basePathOf(sent, of, parameters)).toBe(base);
  });

  it('is not sought in a path that is too long to be served', () => {
    const base = `/${'a'.repeat(maxPathLength - '/leases'.length - 1)}`;

    expect(basePathOf(`${base}/leases`, '/leases', undefined)).toBe(base);
    expect(basePathOf(`${base}a/leases`, '/leases', undefined)).toBeUndefined();
  });

  it('is sought in as many steps as the path is long, of whatever it is made', () => {
    const decode = vi.spyOn(globalThis, 'decodeURIComponent');
    try {
      const sent = '/'.repeat(maxPathLength);
      basePathOf(sent, route, { proxy: `${sent}a`.slice(2) });
      const decoded = decode.mock.calls.reduce((sum, [text]) => sum + text.length, 0);

      expect(decoded).toBeGreaterThan(0);
      expect(decoded).toBeLessThanOrEqual(2 * maxPathLength);
    } finally {
      decode.mockRestore();
    }
  });
});
