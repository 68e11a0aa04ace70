import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeSession, openSession } from '../../lib/authority/session-token.ts';
import type { Session } from '../../lib/core/caller.ts';
import { omitUndefined } from '../../lib/core/omit-undefined.ts';
import { Secret } from '../../lib/core/secret.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { seal, open as unseal } from '../../lib/stores/seal/seal.ts';
import { accountIds, assume, ci, material, openSts, role } from '../support/authority.ts';
import { refusalCode } from '../support/expect-refusal.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const second = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => new Date(seconds * 1000));
const session: fc.Arbitrary<Session> = fc
  .record({
    kind: fc.constantFrom('role', 'federated', 'user'),
    accessKeyId: text,
    caller: text,
    dialect: text,
    name: text,
    policies: fc.array(fc.string({ maxLength: 2000 }), { maxLength: 3 }),
    role: fc.option(text, { nil: undefined }),
    sourceIdentity: fc.option(text, { nil: undefined }),
    subject: fc.option(text, { nil: undefined }),
    tags: fc.option(fc.dictionary(fc.string({ minLength: 1 }), text, { noNullPrototype: true }), { nil: undefined }),
    issuedAt: second,
    expiration: second,
  })
  .map((all) => omitUndefined(all));

describe('a session token', () => {
  const ring = keyring(material('a'));

  it('carries the whole session', () => {
    fc.assert(
      fc.property(session, (whole) => {
        const { token, secret } = closeSession(ring, whole);
        const opened = openSession(ring, whole.accessKeyId, token);
        expect(opened?.session).toEqual(whole);
        expect(opened?.secret.reveal()).toBe(secret.reveal());
      }),
    );
  });

  it('is short: what is long in it is compressed', () => {
    const whole = (policy: string): Session => ({
      kind: 'role',
      accessKeyId: 'ASIA',
      caller: 'ci',
      dialect: 'aws',
      name: 'run',
      policies: [policy],
      issuedAt: new Date(0),
      expiration: new Date(0),
    });
    const length = (policy: string) => closeSession(ring, whole(policy)).token.reveal().length;
    expect(length('a'.repeat(4000))).toBeLessThan(300);
    // Not what is short, which would only grow.
    expect(length('abc')).toBe(length('aaa'));
  });

  it('holds no more than it is opened to, which is 64 KiB', () => {
    const of = (characters: number): Session => ({
      kind: 'user',
      accessKeyId: 'ASIA',
      caller: 'ci',
      dialect: 'aws',
      name: 'a'.repeat(characters),
      policies: [],
      issuedAt: new Date(0),
      expiration: new Date(0),
    });
    const fits = (characters: number) => refusalCode(() => closeSession(ring, of(characters))) === 'none';
    let longest = 60_000;
    for (const step of [1024, 64, 8, 1]) while (fits(longest + step)) longest += step;
    const { token } = closeSession(ring, of(longest));
    expect(openSession(ring, 'ASIA', token)?.session).toEqual(of(longest));
    const packed = unseal(ring, 'session ASIA', token.reveal())?.value.subarray(1) ?? Buffer.of();
    expect(inflateRawSync(packed)).toHaveLength(64 * 1024);
    const larger = Buffer.concat([Buffer.of(1), deflateRawSync(JSON.stringify(['user', 'a'.repeat(64 * 1024)]))]);
    expect(() => openSession(ring, 'ASIA', new Secret(seal(ring, 'session ASIA', larger)))).toThrow();
  });

  it('shows nothing of the session', () => {
    const whole: Session = {
      kind: 'role',
      accessKeyId: 'ASIA',
      caller: 'a-caller-with-a-name',
      dialect: 'aws',
      name: 'a-session-with-a-name',
      policies: [],
      issuedAt: new Date(0),
      expiration: new Date(0),
    };
    const { token } = closeSession(ring, whole);
    const bytes = Buffer.from(token.reveal(), 'base64url').toString('latin1');
    expect(bytes).not.toContain('name');
  });
});

describe('a triad', () => {
  const sts = openSts([role('demo')]);
  const [one, two] = [sts.ask(ci, assume('demo')), sts.ask(ci, assume('demo'))];
  const now = new Date(sts.at);
  const open = (id: string, token: Secret) => sts.authority.open(id, token, now);

  it('opens to the very secret that was issued', () => {
    expect(open(one.accessKeyId, one.sessionToken).secret.reveal()).toBe(one.secretAccessKey.reveal());
    expect(open(two.accessKeyId, two.sessionToken).secret.reveal()).toBe(two.secretAccessKey.reveal());
  });

  it('is not made of the halves of two', () => {
    expect(refusalCode(() => open(one.accessKeyId, two.sessionToken))).toBe('InvalidToken');
    expect(refusalCode(() => open(two.accessKeyId, one.sessionToken))).toBe('InvalidToken');
    expect(open(one.accessKeyId, one.sessionToken).secret.reveal()).not.toBe(two.secretAccessKey.reveal());
  });

  it('is not found under its token alone, though both have been seen before', () => {
    // The authority keeps what it has opened; a token must not come out of there under another id.
    open(one.accessKeyId, one.sessionToken);
    for (const id of ['', `${one.accessKeyId} `, one.accessKeyId.toLowerCase(), two.accessKeyId]) {
      expect(refusalCode(() => open(id, one.sessionToken))).toBe('InvalidToken');
    }
    const [first = '', rest = ''] = [one.accessKeyId.slice(0, 4), one.accessKeyId.slice(4)];
    expect(refusalCode(() => open(first, new Secret(`${rest} ${one.sessionToken.reveal()}`)))).toBe('InvalidToken');
  });

  it('is refused when any character of its token is another', () => {
    const token = one.sessionToken.reveal();
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'b', '0', '-', '_', '=', '.'), (at, character) => {
        fc.pre(token[at] !== character);
        const touched = token.slice(0, at) + character + token.slice(at + 1);
        expect(refusalCode(() => open(one.accessKeyId, new Secret(touched)))).toBe('InvalidToken');
      }),
      { numRuns: 200 },
    );
  });

  it('counts until its expiration and not at it', () => {
    const brief = sts.ask(ci, assume('demo', { durationSeconds: 900 }));
    const at = (milliseconds: number) =>
      refusalCode(() =>
        sts.authority.open(brief.accessKeyId, brief.sessionToken, new Date(brief.expiration.getTime() + milliseconds)),
      );
    expect(at(-1)).toBe('none');
    expect(at(0)).toBe('TokenExpired');
    expect(at(1000)).toBe('TokenExpired');
    // Although it is kept open since.
    expect(at(-1)).toBe('none');
  });

  it('dies with its role', () => {
    const poorer = openSts([role('other')]);
    expect(refusalCode(() => poorer.authority.open(one.accessKeyId, one.sessionToken, now))).toBe('InvalidToken');
  });
});

describe('authorities that share keys', () => {
  const roles = [role('demo')];

  it("take each other's triads", () => {
    const [here, there] = [openSts(roles), openSts(roles)];
    const triad = here.ask(ci, assume('demo'));
    const opened = there.authority.open(triad.accessKeyId, triad.sessionToken, new Date(there.at));
    expect(opened.secret.reveal()).toBe(triad.secretAccessKey.reveal());
  });

  it('rotate them with overlap: first all learn the new one, then it is used, then the old one goes', () => {
    const [before, during, later] = [
      openSts(roles, [material('a')]),
      openSts(roles, [material('b'), material('a')]),
      openSts(roles, [material('b')]),
    ];
    const old = before.ask(ci, assume('demo'));
    const fresh = during.ask(ci, assume('demo'));
    expect(during.holder(old).session?.role).toBe('demo');
    expect(later.holder(fresh).session?.role).toBe('demo');
    expect(refusalCode(() => later.holder(old))).toBe('InvalidToken');
    expect(refusalCode(() => before.holder(fresh))).toBe('InvalidToken');
  });

  it('keep the names of their roles when keys rotate, whether or not account ids are configured', () => {
    const arn = (keys: readonly [Secret, ...Secret[]]) => openSts(roles, keys, {}).authority.identify(ci, 'aws').arn;
    expect(arn([material('b'), material('a')])).toBe(arn([material('a')]));
    expect(openSts(roles, [material('b')]).authority.identify(ci, 'aws').accountId).toBe(accountIds.aws);
  });

  it('and no others do', () => {
    const triad = openSts(roles).ask(ci, assume('demo'));
    expect(refusalCode(() => openSts(roles, [material('z')]).holder(triad))).toBe('InvalidToken');
  });
});
