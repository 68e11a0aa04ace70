import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import type { CacheEntry } from '../../lib/mint/cache-entry.ts';
import { keptEntries } from '../../lib/mint/kept-entries.ts';
import { packEntry, unpackEntry } from '../../lib/mint/packed-entry.ts';

const expiration = Date.parse('2026-11-22T13:00:00Z');

const entryOf = (accessKeyId: string, more: object = {}): CacheEntry => ({
  credentials: {
    accessKeyId,
    secretAccessKey: new Secret('FAKE/secret+of=base64'),
    sessionToken: new Secret('FAKEtoken'),
    expiration: new Date(expiration),
    ...more,
  },
  mintedAt: expiration - 3_600_000,
  expiresAt: { wall: expiration, monotonic: 3_612_345.678 },
  marginMs: 360_000,
  refreshAt: 2_345_678.901,
});

/** With the secrets as text, which `toEqual` would not compare. */
const plain = ({ credentials, ...rest }: CacheEntry) => ({
  ...rest,
  ...credentials,
  secretAccessKey: credentials.secretAccessKey.reveal(),
  sessionToken: credentials.sessionToken.reveal(),
});

const keyOf = (index: number): string => hash('sha256', String(index), 'base64url');

describe('a packed entry', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.base64String(),
    fc.base64String().map((base64) => base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')),
  );

  it('is the entry that was packed, whatever its texts and numbers are', () => {
    const double = fc.double({ noNaN: true });
    fc.assert(
      fc.property(text, text, text, double, double, double, (id, secret, token, marginMs, refreshAt, monotonic) => {
        const entry: CacheEntry = {
          ...entryOf(id, { secretAccessKey: new Secret(secret), sessionToken: new Secret(token) }),
          marginMs,
          refreshAt,
          expiresAt: { wall: expiration, monotonic },
        };
        expect(plain(unpackEntry(packEntry(entry)))).toEqual(plain(entry));
      }),
    );
  });

  it('has everything else that a cloud said of the credentials', () => {
    const entry = entryOf('ASIA', {
      subject: { arn: 'arn:aws:sts::123456789012:assumed-role/demo/ü', id: 'AROA:ü' },
      packedPolicySize: 7,
      sourceIdentity: 'alice',
      webIdentity: { subject: 's', audience: 'a', provider: 'p' },
      upstreamRequestId: 'request-1',
    });
    expect(plain(unpackEntry(packEntry(entry)))).toEqual(plain(entry));
  });

  it('takes three quarters of the length of what is base64', () => {
    const token = Buffer.alloc(450, 'token').toString('base64');
    const packed = packEntry(entryOf('ASIA', { sessionToken: new Secret(token) }));
    expect(packed.length).toBeLessThan(600);
    expect(packed).not.toMatch(/[^\u0000-\u00ff]/);
  });

  it('gives its secrets to nobody who prints it', () => {
    const { credentials } = unpackEntry(packEntry(entryOf('ASIA')));
    expect(JSON.stringify(credentials)).not.toContain('FAKE');
  });
});

describe('kept entries', () => {
  it('are found by their keys, the newest of each', () => {
    const kept = keptEntries(3);
    kept.set('one', entryOf('ONE'));
    kept.set('two', entryOf('TWO'));
    kept.set('one', entryOf('ONE2'));
    expect(kept.get('one')?.credentials.accessKeyId).toBe('ONE2');
    expect(kept.get('two')?.credentials.accessKeyId).toBe('TWO');
    expect(kept.get('three')).toBeUndefined();
    expect(kept.size()).toBe(2);
  });

  it('that were used least recently go first', () => {
    const kept = keptEntries(2);
    kept.set('one', entryOf('ONE'));
    kept.set('two', entryOf('TWO'));
    kept.get('one');
    kept.set('three', entryOf('THREE'));
    expect(['one', 'two', 'three'].map((key) => kept.get(key)?.credentials.accessKeyId)).toEqual([
      'ONE',
      undefined,
      'THREE',
    ]);
  });

  it('set anew push nobody out', () => {
    const kept = keptEntries(2);
    for (const key of ['one', 'two', 'two', 'two']) kept.set(key, entryOf(key));
    expect(kept.get('one')).toBeDefined();
    expect(kept.size()).toBe(2);
  });

  it('are no more than the limit, and about as many, in several tables as well', () => {
    const max = 70_000;
    const kept = keptEntries(max);
    const entry = entryOf('ASIA');
    for (let index = 0; index < max * 1.2; index++) kept.set(keyOf(index), entry);
    expect(kept.size()).toBeLessThanOrEqual(max);
    expect(kept.size()).toBeGreaterThan(max * 0.98);
    expect(kept.get(keyOf(max))).toBeDefined();
    expect(kept.get(keyOf(0))).toBeUndefined();
  });
});
