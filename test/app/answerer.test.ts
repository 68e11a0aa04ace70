import { describe, expect, it } from 'vitest';
import { answerer } from '../../lib/app/answerer.ts';
import type { IncomingRequest } from '../../lib/broker/deps.ts';
import type { HttpHeaders } from '../../lib/core/http.ts';
import { health } from '../../lib/platform/health.ts';

const now = new Date('2026-01-01T00:00:00Z');
/** What a gateway found out about the caller. */
const platform = { gateway: { platform: 'aws', id: 'api' } } as const;
const raw = {
  method: 'GET',
  path: '/',
  query: '',
  headers: {},
  body: new Uint8Array(),
  sourceIp: '192.0.2.1',
  platform,
};

const answerOf = async (deadline: number, headers: HttpHeaders = {}) => {
  let incoming: IncomingRequest | undefined;
  const answer = answerer(
    async (given) => {
      incoming = given;
      return { status: 200, headers, body: '' };
    },
    () => now,
  );
  const response = await answer(raw, deadline);
  if (incoming === undefined) throw new Error('The broker was not called.');
  return { incoming, response };
};

describe('an answer', () => {
  it('carries an id, the time by which we judge signatures, and no-store', async () => {
    const { incoming, response } = await answerOf(1000);
    expect(response.headers).toEqual({
      'x-request-id': incoming.requestId,
      'cache-control': 'no-store',
      date: 'Thu, 01 Jan 2026 00:00:00 GMT',
      'x-content-type-options': 'nosniff',
    });
    expect(incoming.sourceIp).toBe('192.0.2.1');
  });

  it('is asked for with what the platform says of the caller', async () => {
    expect((await answerOf(1000)).incoming.platform).toEqual(platform);
  });

  it('has these headers whatever the dialect sets', async () => {
    const { response } = await answerOf(1000, { 'cache-control': 'public', 'x-request-id': '1', 'x-own': 'yes' });
    expect(response.headers).toMatchObject({ 'cache-control': 'no-store', 'x-own': 'yes' });
    expect(response.headers['x-request-id']).not.toBe('1');
  });

  it('has an id of its own each time', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, async () => (await answerOf(1000)).incoming.requestId));
    expect(new Set(ids).size).toBe(50);
  });

  it('gives up when its time is over, and at once if there was none', async () => {
    for (const deadline of [1, 0, -500]) {
      const { signal } = (await answerOf(deadline)).incoming;
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      expect(signal.aborted).toBe(true);
    }
  });
});

describe('health', () => {
  it('says that we answer, and nothing about what we know', async () => {
    const { status, headers, body } = await health(raw, 1000);
    expect([status, JSON.parse(body)]).toEqual([200, { status: 'ok' }]);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-request-id': expect.any(String),
      date: expect.any(String),
    });
  });

  it('takes GET and HEAD', async () => {
    expect((await health({ ...raw, method: 'HEAD' }, 1000)).status).toBe(200);
    const refused = await health({ ...raw, method: 'POST' }, 1000);
    expect([refused.status, refused.headers['allow']]).toEqual([405, 'GET, HEAD']);
    expect(refused.body).not.toContain('ok');
  });
});
