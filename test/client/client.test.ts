import { describe, expect, it } from 'vitest';
import { createClient, type Prove } from '../../lib/client/client.ts';
import { describeError } from '../../lib/client/errors.ts';
import type { HttpResponse } from '../../lib/core/http.ts';
import { clientErrorOf, fakeTransport, noDeadline } from '../support/client.ts';

const now = new Date('2026-11-22T12:00:00Z');
const prove: Prove = async (request) => request;
const lease = { kind: 'lease', lease: 'demo' } as const;

const answer = {
  requestId: 'r-1',
  account: 'cos',
  cloud: 'tencent-v3',
  credentials: {
    accessKeyId: 'AKID1',
    secretAccessKey: 'the-secret',
    sessionToken: 'the-token',
    expiration: '2026-11-22T13:00:00Z',
  },
};

const clientOf = (response: Partial<HttpResponse>, server = 'https://credmint.example.com') => {
  const { transport, requests } = fakeTransport(() => response);
  return { client: createClient({ server: new URL(server), prove, transport, now: () => now }), requests };
};

describe('a client', () => {
  it('reads the credentials of an answer', async () => {
    const { client } = clientOf({ body: JSON.stringify(answer) });
    const minted = await client.credentials(lease, noDeadline());

    expect(minted).toMatchObject({ account: 'cos', cloud: 'tencent-v3', validForMs: 3_600_000 });
    expect(minted.credentials.secretAccessKey.reveal()).toBe('the-secret');
    expect(JSON.stringify(minted)).not.toContain('the-secret');
  });

  it('takes the lifetime from the clock of the server, which its own may not agree with', async () => {
    const { client } = clientOf({
      headers: { date: 'Sun, 22 Nov 2026 12:45:00 GMT' },
      body: JSON.stringify(answer),
    });

    expect((await client.credentials(lease, noDeadline())).validForMs).toBe(15 * 60_000);
  });

  it.each([
    [lease, 'GET', '/base/leases/demo', ''],
    [
      { kind: 'role', role: 'arn:x', sessionName: 'me', account: 'aws', durationSeconds: 900 },
      'POST',
      '/base/assumeRole',
      '{"account":"aws","roleArn":"arn:x","roleSessionName":"me","durationSeconds":900}',
    ],
    [
      { kind: 'federation', name: 'ci', policy: '{}' },
      'POST',
      '/base/getFederationToken',
      '{"name":"ci","policy":"{}"}',
    ],
  ] as const)('asks %j of a server below a path', async (question, method, path, body) => {
    const { client, requests } = clientOf({ body: 'X=1' }, 'https://credmint.example.com/base/');
    await client.text(question, 'dotenv', noDeadline());

    expect(requests[0]).toMatchObject({ method, path, query: 'format=dotenv', body, host: 'credmint.example.com' });
  });

  it('says why a server refuses, and by which request', async () => {
    const { client } = clientOf({
      status: 403,
      body: JSON.stringify({ code: 'AccessDenied', detail: 'No grant.', reason: 'RoleNotGranted', requestId: 'r-2' }),
    });
    const error = await clientErrorOf(() => client.credentials(lease, noDeadline()));

    expect(error).toMatchObject({ fault: 'refused', code: 'AccessDenied' });
    expect(describeError(error)).toBe('credmint: AccessDenied: No grant. (RoleNotGranted) (request r-2)');
  });

  it('tells what may succeed later from what will not', async () => {
    const throttled = clientOf({ status: 429, headers: { 'retry-after': '7' }, body: '{"code":"Throttled"}' });
    const error = await clientErrorOf(() => throttled.client.text(lease, 'cos', noDeadline()));

    expect(error).toMatchObject({ fault: 'unavailable', code: 'Throttled', detail: { retryAfterSeconds: 7 } });
  });

  it('puts no control character of an answer on a terminal', async () => {
    const { client } = clientOf({ status: 400, body: JSON.stringify({ code: 'A\u001b[2J', detail: 'one\ntwo' }) });
    const error = await clientErrorOf(() => client.text(lease, 'cos', noDeadline()));

    expect(describeError(error)).toBe('credmint: A [2J: one two');
  });

  it.each([
    '',
    'not json',
    '{}',
    JSON.stringify({ ...answer, credentials: { ...answer.credentials, expiration: 'soon' } }),
  ])('takes no answer without whole credentials: %s', async (body) => {
    const { client } = clientOf({ body });

    expect(await clientErrorOf(() => client.credentials(lease, noDeadline()))).toMatchObject({ code: 'NotCredmint' });
  });

  it('says that a server does not answer', async () => {
    const { transport } = fakeTransport(() => Promise.reject(new Error('ECONNREFUSED')));
    const client = createClient({ server: new URL('https://c.example'), prove, transport, now: () => now });

    expect(await clientErrorOf(() => client.credentials(lease, noDeadline()))).toMatchObject({
      fault: 'unavailable',
      code: 'ServerUnreachable',
    });
  });
});
