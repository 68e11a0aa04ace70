import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDocuments } from '../../lib/transport/public-documents.ts';
import { assumeDemoRole, type ServedApp, serveApp } from '../support/app.ts';
import { openProvider, type Provider } from '../support/oidc-provider.ts';

let provider: Provider;
let app: ServedApp;
let fetched: string[];

beforeEach(async () => {
  provider = await openProvider();
  fetched = [];
  const documents = nodeDocuments();
  app = await serveApp({
    config: {
      callers: {
        app: {
          jwt: {
            issuer: provider.issuer,
            audience: 'credmint',
            algorithms: ['RS256', 'ES256'],
            claims: { sub: 'app-*' },
          },
        },
        tried: { jwt: { issuer: provider.issuer, audience: 'tried', claims: { sub: 'tried-*' }, mode: 'audit' } },
      },
      grants: ['app', 'tried'].map((caller) => ({
        name: caller,
        callers: [caller],
        account: 'authority',
        operations: ['AssumeRole'],
        roles: ['**'],
        ...(caller === 'tried' ? { claims: { sub: 'nobody' }, mode: 'audit' } : {}),
      })),
    },
    deps: {
      documents: (url, besides) => {
        fetched.push(url.pathname);
        return documents(url, besides);
      },
    },
  });
});
afterEach(async () => {
  await app.close();
  await provider.close().catch(() => undefined);
});

const claims = { aud: 'credmint', sub: 'app-7' };
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('an OpenID provider', () => {
  it('is found by its issuer, and its tokens prove the caller', async () => {
    const answer = await assumeDemoRole(app.url, bearer(await provider.token(claims)));
    expect(answer).toMatchObject({ status: 200, body: { account: 'authority' } });
    expect(app.records.at(-1)).toMatchObject({ caller: 'app', proof: 'jwt' });
    expect(fetched).toEqual(['/.well-known/openid-configuration', '/jwks']);
  });

  it('may change its keys while callers come and go, and none of them notices', async () => {
    const first = await provider.token(claims);
    const statuses: number[] = [(await assumeDemoRole(app.url, bearer(first))).status];
    for (let round = 1; round <= 5; round++) {
      app.skewMs += 30_000;
      await provider.rotate(round % 2 === 0 ? 'RS256' : 'ES256');
      const young = await provider.token(claims);
      const answers = await Promise.all(
        [young, first, young, first, young].map((token) => assumeDemoRole(app.url, bearer(token))),
      );
      statuses.push(...answers.map(({ status }) => status));
    }
    expect(statuses).toEqual(Array(26).fill(200));
    // Once at the beginning, and once for each new key.
    expect(fetched.filter((path) => path === '/jwks')).toHaveLength(6);
  });

  it('is not asked again for a caller who comes a hundred times', async () => {
    const token = await provider.token(claims);
    for (let count = 0; count < 100; count++) expect((await assumeDemoRole(app.url, bearer(token))).status).toBe(200);
    expect(fetched).toHaveLength(2);
  });

  it('refuses with its tokens whom they are not for', async () => {
    for (const [changes, proofFault] of [
      [{ aud: 'another' }, 'AudienceMismatch'],
      [{ sub: 'web-7' }, 'ClaimMismatch'],
      [{ exp: 1 }, 'TokenExpired'],
      [{ iss: 'https://other.example' }, 'IssuerUnknown'],
    ] as const) {
      expect((await assumeDemoRole(app.url, bearer(await provider.token({ ...claims, ...changes })))).status).toBe(401);
      expect(app.records.at(-1)).toMatchObject({ proofFault });
    }
  });

  it('has its tokens let through by rules that are tried out, and that written down, of caller and grant', async () => {
    const token = await provider.token({ aud: 'tried', sub: 'app-7' });
    expect((await assumeDemoRole(app.url, bearer(token))).status).toBe(200);
    expect(app.records.at(-1)).toMatchObject({
      caller: 'tried',
      outcome: 'Done',
      auditOnlyViolations: [
        { caller: 'tried', clause: 'jwt.claims', reason: 'ClaimMismatch' },
        { grant: 'tried', clause: 'claims', reason: 'ClaimMismatch' },
      ],
    });
  });

  it('that goes away leaves what is known for an hour', async () => {
    const token = await provider.token({ ...claims, exp: Math.floor(Date.now() / 1000) + 86_400 });
    expect((await assumeDemoRole(app.url, bearer(token))).status).toBe(200);
    await provider.close();
    app.skewMs = 59 * 60_000;
    expect((await assumeDemoRole(app.url, bearer(token))).status).toBe(200);
    app.skewMs = 61 * 60_000;
    expect(await assumeDemoRole(app.url, bearer(token))).toMatchObject({
      status: 503,
      body: { code: 'CloudUnavailable', retryable: true },
    });
    expect(app.records.at(-1)).toMatchObject({ proofFault: 'KeySetUnreachable' });
  });
});
