import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import type { AwsReply } from '../../lib/aws/json.ts';
import { deferred } from '../../lib/core/deferred.ts';
import { createIssuer } from '../../lib/issuer/issuer.ts';

it('opens a key for all who wait, though the first of them gives up', async () => {
  const answered = deferred<AwsReply>();
  const call = (_operation: string, _input: object, signal: AbortSignal): Promise<AwsReply> =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      answered.promise.then(resolve, reject);
    });
  const key = { kind: 'kms', keyId: 'k', region: 'eu-central-1' } as const;
  const issuer = createIssuer({ url: 'https://issuer.example', keys: [key] } as never, {
    kms: () => call,
    now: () => new Date(0),
    id: () => 'one',
  });
  const first = new AbortController();
  const gaveUp = issuer.keys(first.signal).catch((thrown: unknown) => thrown);
  const waits = issuer.keys(new AbortController().signal);
  first.abort();
  expect(await gaveUp).toMatchObject({ code: 'CloudUnavailable' });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64');
  answered.resolve({ result: { PublicKey: spki } });
  expect(await waits).toHaveLength(1);
});
