import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/qcloud-hmac.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { writeQuery } from '../../lib/wire/query.ts';
import { ciKey, createApp } from '../support/app.ts';

// A request that was received once is sent again; and what only looks like it is another request.

const role = 'qcs::cam::uin/123456789012:roleName/demo';
const now = new Date('2026-01-01T00:00:00Z');
const host = 'sts.example.test';

/** AssumeRole of API 2.0 in a session of this name, signed with this nonce. */
const requestOf = (name: string, nonce: number): HttpRequest =>
  sign(
    {
      method: 'GET',
      scheme: 'https',
      host,
      path: '/v2/index.php',
      query: writeQuery([
        ['Action', 'AssumeRole'],
        ['roleArn', role],
        ['roleSessionName', name],
      ]),
      headers: {},
      body: '',
    },
    { id: ciKey.id, secret: new Secret(ciKey.secret) },
    { now, nonce, method: 'HmacSHA256', edition: '2.0' },
  );

const instances = () => {
  const store = memoryStore(() => now);
  const open = () => createApp({ startsAt: now, deps: { store } });
  return [open(), open()] as const;
};
const codeOf = async (app: ReturnType<typeof createApp>, request: HttpRequest) => (await app.send(request)).body.code;

describe('a request of API 2.0', () => {
  it('is answered once, by whichever instance', async () => {
    const [first, second] = instances();
    expect(await codeOf(first, requestOf('me', 7))).toBe(0);
    expect(await codeOf(first, requestOf('me', 7))).toBe(4500);
    expect(await codeOf(second, requestOf('me', 7))).toBe(4500);
  });

  it('is another than one of the same second with the same nonce', async () => {
    const [first, second] = instances();
    const names = Array.from({ length: 400 }, (_, index) => `session-${index}`);
    const codes = await Promise.all(names.map((name, index) => codeOf(index % 2 ? first : second, requestOf(name, 7))));
    expect(new Set(codes)).toEqual(new Set([0]));
  });
});
