import { describe, expect, it } from 'vitest';
import { bySignature } from '../../../lib/auth/keys/by-signature.ts';
import { type CallerKey, keysById } from '../../../lib/auth/keys/caller-keys.ts';
import type { Session, SignatureProof } from '../../../lib/core/caller.ts';
import { StsError } from '../../../lib/core/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { Store } from '../../../lib/core/store.ts';
import { memoryStore } from '../../../lib/stores/memory.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const at = (milliseconds: number): Date => new Date(start + milliseconds);
const secret = new Secret('the-secret');
const session: Session = {
  kind: 'role',
  accessKeyId: 'ASIA1',
  caller: 'ci',
  dialect: 'aws',
  role: 'demo',
  name: 'run-1',
  policies: [],
  issuedAt: at(0),
  expiration: at(3_600_000),
};

/** A proof made by the secret; whether its signature matches is asked of the secret alone. */
const proof = (changes: Partial<SignatureProof> = {}): SignatureProof => ({
  kind: 'signature',
  scheme: 'a-scheme',
  accessKeyId: 'AKID1',
  valid: { from: at(-300_000), until: at(300_000) },
  verify: (one) => one.reveal() === secret.reveal(),
  ...changes,
});

const open = (key: Partial<CallerKey> = {}) => {
  const clock = { now: at(0) };
  const store = memoryStore(() => clock.now);
  const keys = keysById([{ id: 'AKID1', secret, caller: 'ci', ...key }]);
  const authenticate = bySignature(
    keys,
    (id, token) => {
      if (id !== 'ASIA1' || token.reveal() !== 'token-1') throw new StsError('InvalidToken');
      return { session, secret };
    },
    store,
  );
  return {
    by: async (one: SignatureProof, milliseconds = 0): Promise<string> => {
      clock.now = at(milliseconds);
      try {
        return (await authenticate(one, clock.now)).name;
      } catch (thrown) {
        return StsError.from(thrown).code;
      }
    },
    authenticate,
  };
};

describe('a signature', () => {
  it('proves the caller whose key made it', async () => {
    expect(await open().authenticate(proof(), at(0))).toEqual({ name: 'ci', proof: 'accessKey', accessKeyId: 'AKID1' });
  });

  it('by another secret proves nobody', async () => {
    expect(await open({ secret: new Secret('another') }).by(proof())).toBe('SignatureMismatch');
  });

  it('of a key that nobody has, or that no longer counts, is of an unknown key', async () => {
    expect(await open().by(proof({ accessKeyId: 'AKID2' }))).toBe('UnknownKey');
    expect(await open().by(proof({ accessKeyId: '__proto__' }))).toBe('UnknownKey');
    expect(await open({ disabled: true }).by(proof())).toBe('UnknownKey');
    expect(await open({ expires: at(0) }).by(proof())).toBe('UnknownKey');
    expect(await open({ expires: at(1) }).by(proof())).toBe('ci');
  });

  it.each<[string, Partial<CallerKey>, Partial<SignatureProof>]>([
    ['KeyUnknown', {}, { accessKeyId: 'AKID2' }],
    ['KeyDisabled', { disabled: true }, {}],
    ['KeyExpired', { expires: at(0) }, {}],
    ['KeyExpired', { expires: new Date(Number.NaN) }, {}],
  ])(
    'of a key that is not valid is recorded as %s, of which the caller is not told',
    async (proofFault, key, changes) => {
      await expect(open(key).authenticate(proof(changes), at(0))).rejects.toMatchObject({
        code: 'UnknownKey',
        message: 'The access key is not known.',
        detail: { proofFault },
      });
    },
  );

  it('counts from the first to the last instant of its window', async () => {
    const { by } = open();
    expect(await by(proof(), -300_001)).toBe('RequestExpired');
    expect(await by(proof(), -300_000)).toBe('ci');
    expect(await by(proof(), 300_000)).toBe('ci');
    expect(await by(proof(), 300_001)).toBe('RequestExpired');
  });

  it('of a scheme without a clock counts at any time', async () => {
    const { valid: _, ...timeless } = proof();
    expect(await open().by(timeless, 1e12)).toBe('ci');
  });
});

describe('a signature that its scheme makes unique', () => {
  it('counts once', async () => {
    const { by } = open();
    expect(await by(proof({ uniqueSignature: '1' }))).toBe('ci');
    expect(await by(proof({ uniqueSignature: '1' }))).toBe('RequestReplayed');
    expect(await by(proof({ uniqueSignature: '2' }))).toBe('ci');
  });

  it('is remembered to the last instant at which its signature counts', async () => {
    const { by } = open();
    expect(await by(proof({ uniqueSignature: '1' }))).toBe('ci');
    expect(await by(proof({ uniqueSignature: '1' }), 299_999)).toBe('RequestReplayed');
    expect(await by(proof({ uniqueSignature: '1' }), 300_000)).toBe('RequestReplayed');
    expect(await by(proof({ uniqueSignature: '1' }), 300_001)).toBe('RequestExpired');
  });

  it('is not used up by a signature that does not match, or is out of its window', async () => {
    const { by } = open();
    expect(await by(proof({ uniqueSignature: '1', verify: () => false }))).toBe('SignatureMismatch');
    expect(await by(proof({ uniqueSignature: '1' }), 300_001)).toBe('RequestExpired');
    expect(await by(proof({ uniqueSignature: '1' }))).toBe('ci');
  });

  it('is of its key and scheme', async () => {
    const { by } = open();
    expect(await by(proof({ uniqueSignature: '1' }))).toBe('ci');
    expect(await by(proof({ uniqueSignature: '1', scheme: 'another' }))).toBe('ci');
    const triad = proof({ uniqueSignature: '1', accessKeyId: 'ASIA1', sessionToken: new Secret('token-1') });
    expect(await by(triad)).toBe('session');
    expect(await by(triad)).toBe('RequestReplayed');
  });

  it('is given to one of many who bring it at once', async () => {
    const { by } = open();
    const said = await Promise.all(Array.from({ length: 20 }, () => by(proof({ uniqueSignature: '1' }))));
    expect(said.filter((one) => one === 'ci')).toHaveLength(1);
    expect(said.filter((one) => one === 'RequestReplayed')).toHaveLength(19);
  });
});

describe('a session token', () => {
  it('makes its holder a session, of the id beside which it was issued', async () => {
    const triad = proof({ accessKeyId: 'ASIA1', sessionToken: new Secret('token-1') });
    const caller = await open().authenticate(triad, at(0));
    expect(caller).toEqual({ name: 'session', proof: 'session', accessKeyId: 'ASIA1', session });
    expect(await open().by({ ...triad, accessKeyId: 'ASIA2' })).toBe('InvalidToken');
    expect(await open().by({ ...triad, verify: () => false })).toBe('SignatureMismatch');
  });

  it('does not come with a long-term key', async () => {
    expect(await open().by(proof({ sessionToken: new Secret('token-1') }))).toBe('InvalidToken');
    expect(await open().by(proof({ sessionToken: new Secret('') }))).toBe('InvalidToken');
  });

  it('cannot be left out by the holder of a triad', async () => {
    expect(await open().by(proof({ accessKeyId: 'ASIA1' }))).toBe('UnknownKey');
  });
});

describe('a signature with a session token', () => {
  it('by a long-term key is refused, though the token would open: the request says two things of who sent it', async () => {
    const store = memoryStore(() => at(0));
    const keys = keysById([{ id: 'AKID1', secret, caller: 'ci' }]);
    const authenticate = bySignature(keys, () => ({ session, secret }), store);
    const outcome = (accessKeyId: string) =>
      authenticate(proof({ accessKeyId, sessionToken: new Secret('any') }), at(0)).then(
        ({ name }) => name,
        (thrown: unknown) => StsError.from(thrown).code,
      );
    expect(await outcome('AKID1')).toBe('InvalidToken');
    expect(await outcome('ASIA1')).toBe('session');
  });
});

describe('a signature of which no two requests have the same', () => {
  it('is remembered for a moment if its scheme has no clock, and refused as what may pass while nothing can be', async () => {
    const { by } = open();
    const { valid: _, ...clockless } = proof({ uniqueSignature: 'one' });
    expect([await by(clockless), await by(clockless), await by(clockless, 1_001)]).toEqual([
      'ci',
      'RequestReplayed',
      'ci',
    ]);
    const down = { ...memoryStore(() => at(0)), acquire: async () => undefined };
    const authenticate = bySignature(
      keysById([{ id: 'AKID1', secret, caller: 'ci' }]),
      () => ({ session, secret }),
      down,
    );
    await expect(authenticate(clockless, at(0))).rejects.toMatchObject({
      code: 'Unavailable',
      message: 'Whether the request was received cannot be told now.',
    });
  });

  it('is remembered for its caller by a name that every version of the service gives it', async () => {
    const asked: unknown[] = [];
    const store: Store = {
      ...memoryStore(() => at(0)),
      acquire: async (...all) => {
        asked.push(all);
        return true;
      },
    };
    const keys = keysById([{ id: 'AKID1', secret, caller: 'ci' }]);
    await bySignature(keys, () => ({ session, secret }), store)(proof({ uniqueSignature: '1' }), at(0));
    expect(asked).toEqual([['signature r5bzQiTG84FeRZzqNtsy6UFqMpdlKnhzpMpNqJ6Y6Eg', at(301_000), 'ci']]);
  });

  it('is another under another key, and in another scheme', async () => {
    const store = memoryStore(() => at(0));
    const keys = keysById(['AKID1', 'AKID2'].map((id) => ({ id, secret, caller: id })));
    const authenticate = bySignature(keys, () => ({ session, secret }), store);
    const one = proof({ uniqueSignature: 'one' });
    for (const other of [one, { ...one, accessKeyId: 'AKID2' }, { ...one, scheme: 'other' }]) {
      expect((await authenticate(other, at(0))).name).toBe(other.accessKeyId);
    }
  });
});
