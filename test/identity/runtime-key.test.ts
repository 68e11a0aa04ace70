import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { awsRuntimeIn } from '../../lib/identity/find-aws.ts';
import type { RuntimeIdentity } from '../../lib/identity/runtime-identity.ts';
import { runtimeKey } from '../../lib/identity/runtime-key.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { stillClock } from '../support/store-contract.ts';
import { type Answer, type Recorder, record } from '../support/store-recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'credmint-token-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hour = 3_600_000;
const signal = () => AbortSignal.timeout(60_000);

const container = (more: { url: URL; token?: Secret; tokenFile?: string }): RuntimeIdentity => ({
  kind: 'container',
  cloud: 'aws',
  ...more,
});

const ask = async (
  answer: (count: number, now: Date) => Answer | undefined,
  use: (given: {
    credentials: ReturnType<typeof runtimeKey>;
    clock: ReturnType<typeof stillClock>;
    recorder: Recorder;
  }) => Promise<void>,
  source: (url: URL) => RuntimeIdentity = (url) => container({ url: new URL('/v2/credentials/abc?x=1', url) }),
): Promise<void> => {
  const clock = stillClock();
  let count = 0;
  const recorder = await record(() => answer(++count, clock.now()));
  try {
    const deps = { transport: nodeTransport(), now: clock.now };
    await use({ credentials: runtimeKey(source(recorder.url), deps), clock, recorder });
  } finally {
    await recorder.close();
  }
};

const granted = (count: number, now: Date): Answer => ({
  body: {
    AccessKeyId: `ASIA${count}`,
    SecretAccessKey: `secret ${count}`,
    Token: `token ${count}`,
    Expiration: new Date(now.getTime() + hour).toISOString(),
    RoleArn: 'arn:aws:iam::111122223333:role/task',
  },
});

describe('the identity of a process at a container endpoint', () => {
  it('are fetched once, by all who want them at once, and anew before they end', async () => {
    await ask(granted, async ({ credentials, clock, recorder }) => {
      const keys = await Promise.all(Array.from({ length: 10 }, () => credentials(signal())));
      expect(new Set(keys.map(({ id }) => id))).toEqual(new Set(['ASIA1']));
      expect(keys[0]?.secret.reveal()).toBe('secret 1');
      expect(keys[0]?.token?.reveal()).toBe('token 1');
      expect(recorder.requests).toHaveLength(1);
      expect(recorder.requests[0]).toMatchObject({ method: 'GET', path: '/v2/credentials/abc', query: 'x=1' });
      expect(recorder.requests[0]?.headers).not.toHaveProperty('authorization');

      await clock.pass(hour - 5 * 60_000 - 1);
      expect((await credentials(signal())).id).toBe('ASIA1');
      await clock.pass(1);
      expect((await credentials(signal())).id).toBe('ASIA2');
    });
  });

  it('are asked for with a token, read from its file each time', async () => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, 'first\n');
    await ask(
      granted,
      async ({ credentials, clock, recorder }) => {
        await credentials(signal());
        writeFileSync(tokenFile, 'second\n');
        await clock.pass(hour);
        await credentials(signal());
        expect(recorder.requests.map(({ headers }) => headers['authorization'])).toEqual(['first', 'second']);
      },
      (url) => container({ url, tokenFile }),
    );
    await ask(
      granted,
      async ({ credentials, recorder }) => {
        await credentials(signal());
        expect(recorder.requests[0]?.headers['authorization']).toBe('plain');
      },
      (url) => container({ url, token: new Secret('plain') }),
    );
  });

  it('are used to their end if no new ones are to be had, and not beyond', async () => {
    await ask(
      (count, now) => (count === 1 ? granted(count, now) : undefined),
      async ({ credentials, clock }) => {
        await credentials(signal());
        await clock.pass(hour - 1000);
        expect((await credentials(signal())).id).toBe('ASIA1');
        await clock.pass(1000);
        await expect(credentials(signal())).rejects.toThrow();
      },
    );
  });

  it('are asked for again after a failure', async () => {
    await ask(
      (count, now) => (count === 1 ? { status: 500 } : granted(count, now)),
      async ({ credentials }) => {
        await expect(credentials(signal())).rejects.toThrow();
        expect((await credentials(signal())).id).toBe('ASIA2');
      },
    );
  });

  it.each<[string, Answer]>([
    ['no JSON', { body: '<html>' }],
    ['no key', { body: { SecretAccessKey: 's', Expiration: '2026-01-01T01:00:00Z' } }],
    ['an empty secret', { body: { AccessKeyId: 'a', SecretAccessKey: '', Expiration: '2026-01-01T01:00:00Z' } }],
    ['no expiration', { body: { AccessKeyId: 'a', SecretAccessKey: 's', Token: 't' } }],
    ['no token', { body: { AccessKeyId: 'a', SecretAccessKey: 's', Expiration: '2026-01-01T01:00:00Z' } }],
    [
      'a refusal',
      { status: 403, body: { AccessKeyId: 'a', SecretAccessKey: 's', Expiration: '2026-01-01T01:00:00Z' } },
    ],
  ])('are none if the endpoint answers with %s', async (_, answer) => {
    await ask(
      () => answer,
      async ({ credentials }) => {
        await expect(credentials(signal())).rejects.toThrow('gave no credentials');
      },
    );
  });
});

describe('the identity of a process in its environment', () => {
  it('is read each time, as the platform may write it anew', async () => {
    const environment: Record<string, string> = {
      AWS_ACCESS_KEY_ID: 'ASIA1',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
    };
    const identity = awsRuntimeIn(environment);
    if (identity === undefined) throw new Error('There is an identity.');
    const transport = () => Promise.reject(new Error('Nobody is to be asked.'));
    const key = runtimeKey(identity, { transport, now: () => new Date() });
    expect((await key(signal())).id).toBe('ASIA1');
    environment['AWS_ACCESS_KEY_ID'] = 'ASIA2';
    const { id, secret, token } = await key(signal());
    expect([id, secret.reveal(), token?.reveal()]).toEqual(['ASIA2', 'secret', 'token']);
    environment['AWS_ACCESS_KEY_ID'] = '';
    await expect(key(signal())).rejects.toMatchObject({ code: 'Misconfigured' });
  });
});
