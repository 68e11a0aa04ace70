import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ecPem } from '../support/keyless-pair.ts';
import { type ServedConfig, serveConfig } from '../support/serve-config.ts';

// Whoever acts for another is less seen, and less bound, than whoever acts for itself.

const jwtType = 'urn:ietf:params:oauth:token-type:jwt';
const idp = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const issuer = 'https://ci.example.com';

const tokenOf = (sub: string): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: 'ES256', kid: 'idp' })
    .setIssuer(issuer)
    .setAudience('credmint')
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(idp.privateKey);

let server: ServedConfig;

beforeAll(async () => {
  const jwks = { keys: [{ ...(await exportJWK(idp.publicKey)), kid: 'idp', alg: 'ES256', use: 'sig' }] };
  const jwt = { issuer, audience: 'credmint', jwks: 'env:JWKS', algorithms: ['ES256'] };
  const token = { audiences: ['https://a.example'], actors: ['agent', 'again'] };
  server = await serveConfig(
    (url) => ({
      issuer: { url, keys: ['env:EC'] },
      accounts: {},
      callers: {
        ci: { jwt: { ...jwt, claims: { sub: 'job-*' } } },
        agent: { jwt: { ...jwt, claims: { sub: 'agent-*' } } },
        // Trusts the issuer of this very server.
        again: { jwt: { issuer: url, audience: 'https://a.example', algorithms: ['ES256'] } },
      },
      grants: [{ name: 'tokens', callers: ['ci'], account: 'issuer', operations: ['IssueToken'], token }],
    }),
    { EC: ecPem('P-256'), JWKS: JSON.stringify(jwks) },
  );
});
afterAll(() => server.close());
beforeEach(() => {
  server.records.length = 0;
});

const exchange = async (more: Readonly<Record<string, string>> = {}) => {
  const response = await fetch(`${server.url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: await tokenOf('job-1'),
      subject_token_type: jwtType,
      audience: 'https://a.example',
      ...more,
    }).toString(),
  });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
};

const acting = (token: string) => exchange({ actor_token: token, actor_token_type: jwtType });

describe('an actor', () => {
  it('is in the record, whether it may act or not', async () => {
    expect((await acting(await tokenOf('agent-7'))).status).toBe(200);
    expect((await acting(await tokenOf('job-2'))).status).toBe(400);
    expect(server.records).toEqual([
      expect.objectContaining({ caller: 'ci', subject: 'job-1', actor: 'agent', actorSubject: 'agent-7' }),
      expect.objectContaining({ reason: 'ActorNotGranted', actor: 'ci', actorSubject: 'job-2' }),
    ]);
  });

  it('is not proven by a token of our own issuer, unless the grant is for such tokens', async () => {
    const own = (await exchange()).body['access_token'] ?? '';
    expect((await acting(own)).status).toBe(400);
    expect(server.records.at(-1)).toMatchObject({ reason: 'OwnTokenNotGranted' });
  });
});
