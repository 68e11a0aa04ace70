import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { type App, createApp } from '../../support/app.ts';

const accountId = '0123456789abcdef0123456789abcdef';
const host = `${accountId}.r2.cloudflarestorage.com`;
const policyOf = (prefix: string, action = 's3:GetObject') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: action, Resource: `arn:aws:s3:::my-bucket/${prefix}` }],
});

/** An account of R2, with nobody on the other end of any wire. */
const appOf = (changes: { readonly account?: object; readonly grant?: object } = {}): App =>
  createApp({
    config: {
      accounts: {
        r2: {
          cloud: 'r2',
          endpoint: `https://${host}/`,
          key: { id: 'parent', secret: 'env:PARENT' },
          ...changes.account,
        },
      },
      grants: [
        {
          name: 'bucket',
          callers: ['ci'],
          account: 'r2',
          operations: ['GetFederationToken', 'AssumeRole'],
          roles: ['**'],
          accepts: ['policy', 'tags'],
          ...changes.grant,
        },
      ],
    },
    environment: { PARENT: 'f'.repeat(64) },
    deps: {
      transport: async () => {
        throw new Error('Something was sent.');
      },
    },
  });

const ask = (app: App, body: object) => app.ask('/getFederationToken', { account: 'r2', name: 'ci', ...body });
const claimsIn = (sessionToken: string) => decodeJwt(Buffer.from(sessionToken, 'base64').toString('utf8').slice(4));

describe('Cloudflare R2', () => {
  it('gives credentials without a call, narrowed by the policy that the caller asks for', async () => {
    const { status, body } = await ask(appOf(), { policy: JSON.stringify(policyOf('data/*')), durationSeconds: 900 });
    expect(status).toBe(200);
    expect(body.credentials.accessKeyId).toBe('parent');
    expect(body.credentials.expiration).toBe('2026-01-01T00:15:00Z');
    expect(claimsIn(body.credentials.sessionToken)).toEqual({
      bucket: 'my-bucket',
      actions: ['GetObject', 'HeadObject'],
      paths: { prefixPaths: ['data/'], objectPaths: [] },
      sub: accountId,
      iss: 'parent',
      aud: host,
      iat: Date.parse('2026-01-01T00:00:00Z') / 1000,
      exp: Date.parse('2026-01-01T00:15:00Z') / 1000,
    });
  });

  it('is narrowed by the policy of the grant', async () => {
    const { body } = await ask(appOf({ grant: { policy: policyOf('only/*'), accepts: [] } }), {});
    expect(claimsIn(body.credentials.sessionToken)).toMatchObject({ paths: { prefixPaths: ['only/'] } });
  });

  it('names the host of the jurisdiction', async () => {
    const eu = `${accountId}.eu.r2.cloudflarestorage.com`;
    const { body } = await ask(appOf({ account: { endpoint: `https://${eu}` } }), {
      policy: JSON.stringify(policyOf('*')),
    });
    expect(claimsIn(body.credentials.sessionToken)).toMatchObject({ aud: eu, sub: accountId });
  });

  it.each([
    ['a policy that cannot be expressed', {}, { policy: JSON.stringify(policyOf('*', 's3:*')) }, 'InvalidPolicy'],
    ['no policy', {}, {}, 'MissingParameter'],
    ['tags', {}, { policy: JSON.stringify(policyOf('*')), tags: { team: 'build' } }, 'InvalidParameter'],
    [
      'an endpoint of another kind',
      { account: { endpoint: 'https://r2.example.com' } },
      { policy: JSON.stringify(policyOf('*')) },
      'Misconfigured',
    ],
    [
      'a temporary key as the parent',
      { account: { key: { id: 'parent', secret: 'env:PARENT', token: 'env:PARENT' } } },
      { policy: JSON.stringify(policyOf('*')) },
      'UnsupportedOperation',
    ],
  ])('refuses %s', async (_what, changes, body, code) => {
    expect((await ask(appOf(changes), body)).body).toMatchObject({ code });
  });

  it('has no roles', async () => {
    const asked = { account: 'r2', roleArn: 'any', roleSessionName: 'me' };
    expect((await appOf().ask('/assumeRole', asked)).body).toMatchObject({ code: 'UnsupportedOperation' });
  });
});
