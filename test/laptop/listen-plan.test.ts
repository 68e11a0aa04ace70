import { describe, expect, it } from 'vitest';
import { listenPlan, urlOf } from '../../lib/laptop/listen-plan.ts';

describe('where a laptop’s server listens', () => {
  it.each([
    ['127.0.0.1', ['127.0.0.1'], '127.0.0.1'],
    ['localhost', ['localhost'], 'localhost'],
    ['0.0.0.0', ['0.0.0.0'], '127.0.0.1'],
    ['::', ['::'], '::1'],
    ['192.168.1.20', ['192.168.1.20', '127.0.0.1'], '127.0.0.1'],
  ])('with HOST=%s is %j, and this machine calls it by %s', (host, hosts, localHost) => {
    expect(listenPlan(host)).toEqual({ hosts, localHost });
  });

  it('is written as a URL, whichever family the address has', () => {
    expect(urlOf('::1', 3000)).toBe('http://[::1]:3000');
    expect(urlOf('127.0.0.1', 3000)).toBe('http://127.0.0.1:3000');
  });
});
