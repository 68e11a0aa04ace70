import { describe, expect, it } from 'vitest';
import { createClient } from '../../lib/client/client.ts';
import { readLeaseReports } from '../../lib/client/leases.ts';

const lease = (name: string, more: object = {}) => ({
  name,
  account: 'aws',
  state: 'fresh',
  failures: 0,
  deliveryFailures: 0,
  pendingDeliveries: 0,
  ...more,
});

const page = (leases: readonly unknown[], next?: string): string => JSON.stringify({ requestId: '1', leases, next });

describe('the leases of a server', () => {
  it('are read from page to page, with the clock of the server', async () => {
    const asked: string[] = [];
    const client = createClient({
      server: new URL('https://credmint.example/base'),
      prove: async (request) => request,
      now: () => new Date(0),
      transport: async ({ path, query }) => {
        asked.push(`${path}?${query}`);
        const body = query === '' ? page([lease('a'), lease('b')], 'b') : page([lease('c', { state: 'missing' })]);
        return { status: 200, headers: { date: 'Sun, 22 Nov 2026 12:00:00 GMT' }, body };
      },
    });
    const { leases, at } = await client.leases(new AbortController().signal);
    expect(leases.map(({ name, state }) => `${name} ${state}`)).toEqual(['a fresh', 'b fresh', 'c missing']);
    expect(at).toEqual(new Date('2026-11-22T12:00:00Z'));
    expect(asked).toEqual(['/base/leases?', '/base/leases?after=b']);
  });

  it.each([
    ['no JSON', '<html>'],
    ['no list', '{"leases":{}}'],
    ['a name that would write to the terminal', page([lease('a\u001b[2J')])],
    ['a state that there is not', page([lease('a', { state: 'odd' })])],
  ])('are not taken from %s', (_, body) => {
    expect(() => readLeaseReports(body)).toThrow('is no list of leases');
  });

  it('have instants, and none where there is none', () => {
    const [one] = readLeaseReports(
      page([lease('a', { expiration: '2026-11-22T12:00:00.000Z', mintedAt: 'then' })]),
    ).leases;
    expect(one).toEqual({ ...lease('a'), expiration: new Date('2026-11-22T12:00:00Z') });
  });

  it('do not go round in a circle', () => {
    expect(readLeaseReports(page([lease('a'), lease('b')], 'a')).next).toBeUndefined();
    expect(readLeaseReports(page([], 'a')).next).toBeUndefined();
    expect(readLeaseReports(page([lease('a'), lease('b')], 'b'), 'b').next).toBeUndefined();
    expect(readLeaseReports(page([lease('a')], 'a'), 'b').next).toBeUndefined();
  });
});
