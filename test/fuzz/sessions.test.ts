import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeSession, openSession } from '../../lib/authority/session-token.ts';
import type { Session } from '../../lib/core/caller.ts';
import { Secret } from '../../lib/core/secret.ts';
import { keyring } from '../../lib/stores/seal/keyring.ts';
import { material } from '../support/authority.ts';
import { bounds, unhurried } from './bounds.ts';

const ring = keyring(material('a'));
const sessionOf = (number: number): Session => ({
  kind: 'role',
  accessKeyId: `ASIA${number}`,
  caller: 'ci',
  dialect: 'aws',
  role: 'demo',
  name: `run-${number}`,
  policies: number % 2 === 0 ? [] : ['{"Statement":[]}'.repeat(50)],
  issuedAt: new Date(0),
  expiration: new Date(3_600_000),
});
const issued = Array.from({ length: 4 }, (_, number) => {
  const session = sessionOf(number);
  return { session, token: closeSession(ring, session).token.reveal() };
});
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('a session token', () => {
  it('opens if it is whole and beside its own id, and never otherwise', unhurried, () => {
    const one = fc.constantFrom(...issued);
    const places = fc.array(fc.tuple(fc.nat(10_000), fc.constantFrom(...alphabet, '', '=', '.', ' ', 'AA')), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(one, one, places, fc.nat(10_000), (own, other, changes, cut) => {
        const joined =
          cut % 3 === 0
            ? own.token.slice(0, cut % own.token.length) + other.token.slice(cut % own.token.length)
            : own.token;
        const text = changes.reduce((before, [at, piece]) => {
          const from = at % before.length;
          return before.slice(0, from) + piece + before.slice(from + 1);
        }, joined);
        for (const { session } of [own, other]) {
          const opened = openSession(ring, session.accessKeyId, new Secret(text));
          const whole = issued.find(({ token }) => token === text);
          if (whole?.session.accessKeyId === session.accessKeyId) expect(opened?.session).toEqual(session);
          else expect(opened).toBeUndefined();
        }
      }),
      bounds,
    );
  });
});
