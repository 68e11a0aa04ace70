import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bySignature } from '../../lib/auth/keys/by-signature.ts';
import { keysById } from '../../lib/auth/keys/caller-keys.ts';
import { logins } from '../../lib/auth/keys/logins.ts';
import type { Caller, Session, SignatureProof } from '../../lib/core/caller.ts';
import { StsError } from '../../lib/core/errors.ts';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { circuitBreaker } from '../../lib/mint/circuit-breaker.ts';
import { limitConcurrency } from '../../lib/mint/limit-concurrency.ts';
import { quota } from '../../lib/mint/quota.ts';
import type { Source } from '../../lib/mint/source.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { createApp, demoRequestBody, type Reply } from '../support/app.ts';
import { virtualClock } from '../support/clock.ts';
import { servePage, usualGrants } from '../support/console/served.ts';
import { refusalCodeAsync } from '../support/expect-refusal.ts';
import { credentialsOf, forever, requestOf } from '../support/requests.ts';
import { at, issuer, newKey, now, proving, ruleOf, tokenOf } from '../support/token-issuer.ts';

// Whatever one caller does, the first request of another is answered as if it were alone.

const sessionOf = (caller: string): Session => ({
  kind: 'role',
  accessKeyId: 'ASIA1',
  caller,
  dialect: 'aws',
  role: 'demo',
  name: 'run',
  policies: [],
  issuedAt: at(-60),
  expiration: at(3600),
});

describe('the line for an account', () => {
  const greedy: readonly [string, (index: number) => Caller][] = [
    ['its key', () => ({ name: 'greedy', proof: 'accessKey' })],
    ['sessions of its own', () => ({ name: 'session', proof: 'session', session: sessionOf('greedy') })],
    [
      'tokens for many subjects',
      (index) => ({ name: 'greedy', proof: 'jwt', claims: { iss: issuer, sub: `${index}` } }),
    ],
  ];

  it.each(greedy)('is not filled by a caller with %s', async (_name, callerOf) => {
    const clock = virtualClock();
    const counted = quota(() => 10, memoryStore(clock.now), clock).counted(
      async () => credentialsOf(1, clock.now()),
      'demand',
    );
    const crowd = Promise.allSettled(
      Array.from({ length: 1000 }, (_, index) => counted(requestOf({ caller: callerOf(index) }), forever)),
    );
    await clock.settle();
    for (const caller of [
      { name: 'modest', proof: 'accessKey' },
      { name: 'session', proof: 'session', session: sessionOf('other') },
    ]) {
      const asked = counted(requestOf({ caller }), forever);
      await clock.pass(1_000);
      expect(await asked).toMatchObject({ accessKeyId: 'ASIA1' });
    }
    await clock.pass(60_000);
    const told = await crowd;
    expect(told.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(800);
  });
});

describe('the cloud of an account', () => {
  const caller = (name: string): Caller => ({ name, proof: 'accessKey' });

  it('is asked for a caller, however many slow calls another has under way', async () => {
    const clock = virtualClock();
    const source: Source = async (request) =>
      request.caller.name === 'greedy' ? new Promise<never>(() => undefined) : credentialsOf(1, clock.now());
    const limited = limitConcurrency(source);
    for (let count = 0; count < 2_000; count++) void limited(requestOf({ caller: caller('greedy') }), forever);
    expect(await limited(requestOf({ caller: caller('modest') }), forever)).toMatchObject({ accessKeyId: 'ASIA1' });
  });

  it('is asked for a caller, however often it fails by what another asks', async () => {
    const clock = virtualClock();
    const guarded = circuitBreaker(clock).guarded(async (request) => {
      if (request.caller.name !== 'greedy') return credentialsOf(1, clock.now());
      throw new StsError('CloudUnavailable', undefined, { upstream: { status: 500 } });
    });
    const ask = (name: string) => refusalCodeAsync(() => guarded(requestOf({ caller: caller(name) }), forever));
    for (let count = 0; count < 20; count++) expect(await ask('greedy')).toBe('CloudUnavailable');
    expect(await ask('modest')).toBe('none');
  });

  it('is left alone by everybody once it fails for two', async () => {
    const clock = virtualClock();
    let calls = 0;
    const guarded = circuitBreaker(clock).guarded(async () => {
      calls++;
      throw new StsError('CloudUnavailable');
    });
    const ask = (name: string) => refusalCodeAsync(() => guarded(requestOf({ caller: caller(name) }), forever));
    for (let count = 0; count < 5; count++) await ask('greedy');
    await ask('modest');
    const before = calls;
    for (const name of ['greedy', 'modest', 'third']) expect(await ask(name)).toBe('CloudUnavailable');
    expect(calls).toBe(before);
  });
});

describe('what must not be seen twice', () => {
  const proof = (accessKeyId: string, more: Partial<SignatureProof> = {}): SignatureProof => ({
    kind: 'signature',
    scheme: 'a-scheme',
    accessKeyId,
    valid: { from: at(-300), until: at(300) },
    uniqueSignature: randomUUID(),
    verify: () => true,
    ...more,
  });

  it('has room for a caller, however many signatures another makes, with its key and with its sessions', async () => {
    const secret = new Secret('secret');
    const keys = keysById(['a', 'b'].map((caller) => ({ id: `AKID${caller}`, secret, caller })));
    const openSession = () => ({ session: sessionOf('a'), secret });
    const authenticate = bySignature(
      keys,
      openSession,
      memoryStore(() => now, 100),
    );
    const taken = async (one: SignatureProof): Promise<boolean> =>
      authenticate(one, now).then(
        () => true,
        () => false,
      );
    for (let index = 0; index < 150; index++) {
      await taken(proof('AKIDa'));
      await taken(proof(`ASIA${index}`, { sessionToken: new Secret('token') }));
    }
    expect(await taken(proof('AKIDa'))).toBe(false);
    expect(await taken(proof('AKIDb'))).toBe(true);
  });

  it('is called a replay of no request that comes first, though there is no room to remember it', async () => {
    const keys = keysById([{ id: 'AKIDa', secret: new Secret('secret'), caller: 'a' }]);
    const unused = () => {
      throw new Error('No session is opened here.');
    };
    const store = memoryStore(() => now, 10);
    const authenticate = bySignature(keys, unused, store);
    const first = proof('AKIDa');
    expect(await refusalCodeAsync(() => authenticate(first, now))).toBe('none');
    for (let index = 0; index < 20; index++) {
      const told = await refusalCodeAsync(() => authenticate(proof('AKIDa'), now));
      expect(told).toBe(index < 4 ? 'none' : 'Unavailable');
    }
    expect(await refusalCodeAsync(() => authenticate(first, now))).toBe('RequestReplayed');
    const key = newKey('ES256');
    const prove = proving([ruleOf([key], { once: true })], { store: memoryStore(() => now, 0) });
    expect(await prove(tokenOf(key))).toMatchObject({ refused: 'Unavailable' });
  });

  it('has room for a caller, however many tokens another shows that may be used once', async () => {
    const key = newKey('ES256');
    const rules = ['a', 'b'].map((caller) => ruleOf([key], { caller, audiences: [caller], once: true }));
    const prove = proving(rules, { store: memoryStore(() => now, 20) });
    const proven = async (aud: string): Promise<string | undefined> => {
      const answer = await prove(tokenOf(key, { aud }));
      return 'name' in answer ? answer.name : undefined;
    };
    for (let index = 0; index < 30; index++) await proven('a');
    expect(await proven('a')).toBeUndefined();
    expect(await proven('b')).toBe('b');
  });
});

describe('the logins of a caller', () => {
  it('leave room for those of another, however many there are', async () => {
    const keys = keysById(['a', 'b'].map((caller) => ({ id: `AKID${caller}`, secret: new Secret('secret'), caller })));
    const store = memoryStore(() => now, 100);
    const open = logins(keyring(new Secret('a'.repeat(32))), keys, store);
    const isRead = (caller: string): Promise<boolean> =>
      open.read(open.begin({ name: caller, proof: 'accessKey', accessKeyId: `AKID${caller}` }, now), now).then(
        () => true,
        () => false,
      );
    for (let index = 0; index < 150; index++) await isRead('a');
    expect(await isRead('a')).toBe(false);
    expect(await isRead('b')).toBe(true);
    const more = open.begin({ name: 'a', proof: 'accessKey', accessKeyId: 'AKIDa' }, now);
    expect(await refusalCodeAsync(() => open.read(more, now))).toBe('Unavailable');
    // Nor do they take from the calls to a cloud that its limit allows.
    expect(await store.consume('quota', 1, 1, new Date(now.getTime() + 1000))).toBe(1);
    // Whoever has too many can end one all the same.
    await open.end(open.begin({ name: 'b', proof: 'accessKey', accessKeyId: 'AKIDb' }, now), now);
  });
});

describe('the rate of a caller', () => {
  const key = newKey('ES256');
  const open = () =>
    createApp({
      config: {
        callers: {
          ci: { jwt: { issuer, audience: 'credmint', jwks: 'env:JWKS' }, requestsPerSecond: 0.01, burst: 3 },
        },
      },
      environment: { JWKS: JSON.stringify({ keys: [key.jwk] }) },
      deps: { now: () => now },
    });
  const request = (headers: Readonly<Record<string, string>>): HttpRequest => ({
    method: 'POST',
    scheme: 'https',
    host: 'credmint.example.com',
    path: '/assumeRole',
    query: '',
    headers: { 'content-type': 'application/json', ...headers },
    body: demoRequestBody,
  });
  const byToken = (sub: string): HttpRequest => request({ authorization: `Bearer ${tokenOf(key, { sub })}` });
  const bySession = ({ body: { credentials } }: Reply): HttpRequest =>
    sign(
      request({}),
      {
        id: credentials.accessKeyId,
        secret: new Secret(credentials.secretAccessKey),
        token: new Secret(credentials.sessionToken),
      },
      { now, region: 'us-east-1', service: 'sts' },
    );

  it('is used up by its sessions, and by sessions of its sessions, too', async () => {
    const app = open();
    const first = await app.send(byToken('job-1'));
    expect(first.status).toBe(200);
    const second = await app.send(bySession(first));
    expect(second.status).toBe(200);
    expect((await app.send(bySession(second))).status).toBe(200);
    for (const one of [bySession(first), bySession(second), byToken('job-1')]) {
      expect((await app.send(one)).status).toBe(429);
    }
    expect((await app.send(byToken('job-2'))).status).toBe(200);
  });
});

describe('the streams of the page', () => {
  it('are not all taken by one viewer, whatever sessions it begins', async () => {
    const callers = ['ci', 'ops'];
    const observe = { name: 'watch', callers, account: 'console', operations: ['Observe'] };
    const page = await servePage(undefined, { grants: [...usualGrants.slice(0, 1), observe] });
    const open: Response[] = [];
    const look = async (as: 'ci' | 'ops'): Promise<number> => {
      const response = await page.send('/console/live', { as });
      open.push(response);
      return response.status;
    };
    try {
      const seen: number[] = [];
      for (let index = 0; index < 40; index++) seen.push(await look('ops'));
      expect(new Set(seen)).toEqual(new Set([200, 429]));
      expect(await look('ci')).toBe(200);
      // Whoever leaves makes room.
      const left = open[0];
      await left?.body?.cancel();
      await expect.poll(() => look('ops'), { timeout: 30_000 }).toBe(200);
    } finally {
      for (const response of open) await response.body?.cancel();
      await page.close();
    }
  });
});
