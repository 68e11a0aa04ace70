import { describe, expect, it } from 'vitest';
import type { KeyLocation } from '../../../lib/auth/jwt/rule.ts';
import { internet, issuer, newKey, proving, ruleOf, tokenOf } from '../../support/token-issuer.ts';

const key = newKey();
const documentUrl = `${issuer}/.well-known/openid-configuration`;

const discovering = (
  document: unknown,
  place: Partial<Extract<KeyLocation, { kind: 'discovered' }>> = {},
  iss = issuer,
) => {
  const deps = internet({
    [documentUrl]: document,
    [`${issuer}/keys`]: { keys: [key.jwk] },
    'https://keys.example/keys': { keys: [key.jwk] },
    'http://issuer.example/keys': { keys: [key.jwk] },
    'http://127.0.0.1:1/keys': { keys: [key.jwk] },
    [`${issuer}/a/.well-known/openid-configuration`]: document,
    'http://127.0.0.1:1/.well-known/openid-configuration': document,
  });
  const keys: KeyLocation = { kind: 'discovered', issuer: iss, hosts: [], privateAddresses: [], ...place };
  const prove = proving([ruleOf([key], { keys, issuer: iss })], { documents: deps.fetch });
  return { asked: deps.asked, answer: () => prove(tokenOf(key, { iss })) };
};

describe('discovery', () => {
  it('finds the keys at the place that the issuer names', async () => {
    const { answer, asked } = discovering({ issuer, jwks_uri: `${issuer}/keys` });
    expect(await answer()).toMatchObject({ name: 'ci' });
    expect(asked).toEqual([documentUrl, `${issuer}/keys`]);
  });

  it('asks below the path of an issuer that has one', async () => {
    const iss = `${issuer}/a`;
    const { answer, asked } = discovering({ issuer: iss, jwks_uri: `${issuer}/keys` }, {}, iss);
    expect(await answer()).toMatchObject({ name: 'ci' });
    expect(asked[0]).toBe(`${issuer}/a/.well-known/openid-configuration`);
  });

  it.each(['https://issuer.example/', 'https://issuer.example/a/'])(
    'asks below the path of an issuer that ends with a slash: %s',
    async (iss) => {
      const { answer, asked } = discovering({ issuer: iss, jwks_uri: `${issuer}/keys` }, {}, iss);
      expect(await answer()).toMatchObject({ name: 'ci' });
      expect(asked[0]).toBe(`${iss}.well-known/openid-configuration`);
    },
  );

  it('takes keys without https from an issuer that is itself without, as one on this machine is', async () => {
    const iss = 'http://127.0.0.1:1';
    const plain = { issuer: iss, jwks_uri: `${iss}/keys` };
    expect(await discovering(plain, {}, iss).answer()).toMatchObject({ name: 'ci' });
    const safe = { issuer: iss, jwks_uri: 'https://keys.example/keys' };
    expect(await discovering(safe, { hosts: ['keys.example'] }, iss).answer()).toMatchObject({ name: 'ci' });
  });

  it('goes to another host where the configuration allows it', async () => {
    const document = { issuer, jwks_uri: 'https://keys.example/keys' };
    expect(await discovering(document).answer()).toMatchObject({ refused: 'Misconfigured', fault: 'KeySetRefused' });
    expect(await discovering(document, { hosts: ['keys.example'] }).answer()).toMatchObject({ name: 'ci' });
  });

  const [noObject, ofAnother, noPlace, notAllowed, notSafe] = [
    "An issuer's discovery document is not a JSON object.",
    "An issuer's discovery document is of another issuer.",
    "An issuer's discovery document has no valid jwks_uri.",
    "The jwks_uri of an issuer's discovery document is at a host that is not allowed for it.",
    "The jwks_uri of an issuer's discovery document is not https.",
  ];

  it.each([
    ['of another issuer', { issuer: 'https://other.example', jwks_uri: `${issuer}/keys` }, ofAnother],
    ['of the issuer spelt otherwise', { issuer: `${issuer}/`, jwks_uri: `${issuer}/keys` }, ofAnother],
    ['of nobody', { jwks_uri: `${issuer}/keys` }, ofAnother],
    ['without a place', { issuer }, noPlace],
    ['with a place that is no URL', { issuer, jwks_uri: '/keys' }, noPlace],
    ['with a place that is no text', { issuer, jwks_uri: [`${issuer}/keys`] }, noPlace],
    ['with a place without https', { issuer, jwks_uri: 'http://issuer.example/keys' }, notSafe],
    ['with a place on this machine', { issuer, jwks_uri: 'http://127.0.0.1:1/keys' }, notAllowed],
    ['with a place at the metadata of the cloud', { issuer, jwks_uri: 'http://169.254.169.254/latest' }, notAllowed],
    ['with a place in a file', { issuer, jwks_uri: 'file:///etc/passwd' }, notAllowed],
    ['with a place behind a user', { issuer, jwks_uri: 'https://issuer.example@evil.example/keys' }, noPlace],
    ['with a user before the place', { issuer, jwks_uri: 'https://me@issuer.example/keys' }, noPlace],
    ['with a password before the place', { issuer, jwks_uri: 'https://:you@issuer.example/keys' }, noPlace],
    ['with another port', { issuer, jwks_uri: 'https://issuer.example:8443/keys' }, notAllowed],
    ['with a longer host', { issuer, jwks_uri: 'https://issuer.example.evil.example/keys' }, notAllowed],
    ['that is a list', [{ issuer, jwks_uri: `${issuer}/keys` }], noObject],
    ['that is no JSON', 'hello', noObject],
  ])('believes no document %s', async (_, document, message) => {
    const { answer, asked } = discovering(document);
    expect(await answer()).toEqual({ refused: 'Misconfigured', fault: 'KeySetRefused', message });
    expect(asked).toEqual([documentUrl]);
  });

  it('never asks an issuer that only the token names', async () => {
    const { asked } = discovering({ issuer, jwks_uri: `${issuer}/keys` });
    const deps = internet({});
    const prove = proving([ruleOf([key])], { documents: deps.fetch });
    for (const iss of ['http://169.254.169.254', 'https://evil.example', `${issuer}@evil.example`]) {
      expect(await prove(tokenOf(key, { iss }))).toMatchObject({ fault: 'IssuerUnknown' });
    }
    expect([...deps.asked, ...asked]).toEqual([]);
  });
});
