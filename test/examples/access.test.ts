import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spec } from '../../functions/sts.ts';
import { compose } from '../../lib/app/compose.ts';
import { createBroker } from '../../lib/broker/broker.ts';
import { readConfig } from '../../lib/config/load.ts';
import { unlimitedAuditLog } from '../../lib/core/audit.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';

// The three recipes of docs/access.md, as their files are, with two things exchanged: the issuer's public key is ours,
// so that we can sign its tokens, and the cloud is the authority of a laptop's server.

let app: LaptopApp;
let keys: Awaited<ReturnType<typeof generateKeyPair>>;

beforeAll(async () => {
  app = await openLaptopApp();
  keys = await generateKeyPair('RS256');
});
afterAll(() => app.close());

interface Recipe {
  accounts: Record<string, Record<string, unknown>>;
  callers: Record<string, { jwt: Record<string, unknown> }>;
  grants: Record<string, unknown>[];
}

/** The recipe's own service, and a way to ask it. */
const serviceOf = async (file: string, cloud: string) => {
  const recipe = JSON.parse(
    readFileSync(new URL(`../../examples/access/${file}.json`, import.meta.url), 'utf8'),
  ) as Recipe;
  const key = JSON.parse(readFileSync(join(app.folder, 'keys', `account-${cloud}.json`), 'utf8'));
  for (const account of Object.values(recipe.accounts)) {
    Object.assign(account, { endpoint: `${app.url}/`, key: { id: key.id, secret: 'env:SECRET' } });
  }
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'test', alg: 'RS256' };
  for (const caller of Object.values(recipe.callers)) caller.jwt['jwks'] = 'env:JWKS';
  for (const grant of recipe.grants) if ('roles' in grant) grant['roles'] = [app.access.roles[cloud]];
  const environment = { SECRET: key.secret, JWKS: JSON.stringify({ keys: [jwk] }) };
  const now = () => new Date();
  const broker = createBroker(
    compose(spec, readConfig(recipe, { folder: '.', environment }), {
      store: memoryStore(now),
      transport: nodeTransport(),
      audit: unlimitedAuditLog(async () => undefined),
      now,
      nonce: () => Math.floor(Math.random() * 2 ** 47),
    }),
  );
  const { issuer, audience } = Object.values(recipe.callers)[0]?.jwt ?? {};
  return async (path: string, claims: Record<string, unknown>, body: object) => {
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'test' })
      .setIssuer(String(issuer))
      .setAudience(String(audience))
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(keys.privateKey);
    const response = await broker({
      request: {
        method: 'POST',
        scheme: 'https',
        host: 'credmint.example.com',
        path,
        query: '',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
      requestId: 'recipe',
      signal: AbortSignal.timeout(60_000),
    });
    return { status: response.status, ...JSON.parse(response.body) };
  };
};

describe('from GitHub Actions to Tencent COS', () => {
  const main = {
    sub: 'repo:acme@1/site@123456789:ref:refs/heads/main',
    repository_id: '123456789',
    ref: 'refs/heads/main',
    event_name: 'push',
    run_id: '17',
  };
  const ask = async (claims: object) =>
    (await serviceOf('github-actions-to-tencent-cos', 'tencent-v3'))(
      '/getFederationToken',
      { ...main, ...claims },
      { name: 'release' },
    );

  it('gives the main branch credentials for half an hour, under the name of its run', async () => {
    const answer = await ask({});
    expect(answer).toMatchObject({ status: 200, account: 'cos', cloud: 'tencent-v3' });
    const seconds = (Date.parse(answer.credentials.expiration) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(1700);
    expect(seconds).toBeLessThanOrEqual(1800);
    expect(app.records.at(-1)).toMatchObject({ operation: 'GetFederationToken', sessionName: 'run-17' });
  });

  it('gives it to a repository from before July 2026, too, whose subject has no ids', async () => {
    expect(await ask({ sub: 'repo:acme/site:ref:refs/heads/main' })).toMatchObject({ status: 200 });
  });

  it.each([
    ['another branch', { ref: 'refs/heads/feature' }],
    ['a pull request', { ref: 'refs/pull/1/merge', event_name: 'pull_request' }],
    ['another repository', { repository_id: '987654321' }],
  ])('gives %s nothing', async (_, claims) => {
    expect(await ask(claims)).toMatchObject({ status: 403, code: 'AccessDenied', reason: 'ClaimMismatch' });
  });
});

describe('from an app’s users to their own prefix', () => {
  const ask = async (sub: string, body: object = {}) =>
    (await serviceOf('app-users-to-their-own-prefix', 'aws'))(
      '/assumeRole',
      { sub, token_use: 'id' },
      { roleArn: app.access.roles['aws'], roleSessionName: 'phone', ...body },
    );

  it('gives a user credentials in the user’s own name', async () => {
    const answer = await ask('3f1c2f64-8f5d-4c1e-9a57-0c1f4a2b9d11');
    expect(answer.status).toBe(200);
    expect(answer.subject.arn).toMatch(/assumed-role\/demo\/3f1c2f64-8f5d-4c1e-9a57-0c1f4a2b9d11$/);
  });

  it.each(['*', '../other', 'a/b'])('gives a user whose id is %s nothing', async (sub) => {
    expect(await ask(sub)).toMatchObject({ status: 403, reason: 'TemplateRefused' });
  });

  it('takes no policy from the app', async () => {
    expect(await ask('alice', { policy: {} })).toMatchObject({ status: 403, reason: 'PolicyNotAccepted' });
  });
});

describe('from Kubernetes to Dell ECS', () => {
  const ask = async (claims: object) =>
    (await serviceOf('kubernetes-to-dell-ecs', 'ecs'))(
      '/assumeRole',
      {
        sub: 'system:serviceaccount:analytics:spark',
        'kubernetes.io': { namespace: 'analytics', pod: { name: 'spark-7d9f' } },
        ...claims,
      },
      { roleArn: app.access.roles['ecs'], roleSessionName: 'job' },
    );

  it('gives the service account credentials under its pod’s name', async () => {
    const answer = await ask({});
    expect(answer).toMatchObject({ status: 200, account: 'ecs' });
    expect(answer.subject.arn).toMatch(/assumed-role\/demo\/spark-7d9f$/);
  });

  it.each([
    ['another service account', { sub: 'system:serviceaccount:analytics:default' }],
    ['another namespace', { 'kubernetes.io': { namespace: 'other', pod: { name: 'x' } } }],
  ])('gives %s nothing', async (_, claims) => {
    expect(await ask(claims)).toMatchObject({ status: 403, reason: 'ClaimMismatch' });
  });
});
