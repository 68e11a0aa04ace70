import { describe, expect, it } from 'vitest';
import { createApp, replyOf } from '../support/app.ts';
import { awsAccount, cloudTransport } from '../support/cloud-transport.ts';
import { ecPem } from '../support/keyless-pair.ts';

// A token of our own issuer obtains what no grant gives to such tokens, since another verified it.

const url = 'https://id.example.com';
const role = 'arn:aws:iam::123456789012:role/app';
const gateway = { id: 'a1b2c3', account: '111122223333' };

const event = (iss: string, more: object = {}) => ({
  version: '2.0',
  rawPath: '/assumeRole',
  rawQueryString: '',
  headers: { host: 'x.example', 'content-type': 'application/json' },
  requestContext: {
    accountId: gateway.account,
    apiId: gateway.id,
    stage: '$default',
    http: { method: 'POST', path: '/assumeRole', sourceIp: '192.0.2.1' },
    authorizer: {
      jwt: { claims: { iss, sub: 'caller:ci', aud: 'credmint', exp: '1767229200', ...more }, scopes: null },
    },
  },
  body: JSON.stringify({ account: 'aws', roleArn: role, roleSessionName: 'me' }),
  isBase64Encoded: false,
});

const statusFor = async (iss: string, ownTokens: boolean, more: object = {}) => {
  const app = createApp({
    config: {
      issuer: { url, keys: ['env:EC'] },
      accounts: { aws: awsAccount() },
      callers: { web: { authorizer: { gateway, kind: 'jwt', claims: { sub: 'caller:ci' } } } },
      grants: [{ name: 'app', callers: ['web'], account: 'aws', operations: ['AssumeRole'], roles: [role], ownTokens }],
    },
    environment: { ACCOUNT: 'the secret of the account', EC: ecPem('P-256') },
    deps: { transport: cloudTransport().transport },
  });
  return replyOf(await app.handle(event(iss, more))).status;
};

describe('a token of our own issuer that a gateway has verified', () => {
  it('obtains nothing by a grant that is not for such tokens', async () => {
    expect(await statusFor('https://other.example.com', false)).toBe(200);
    expect(await statusFor(url, true)).toBe(200);
    expect(await statusFor(url, false)).toBe(403);
  });

  it('obtains nothing if it was given to a session, which may do less than the token says', async () => {
    expect(await statusFor(url, true, { credmint_session: 'true' })).toBe(401);
    expect(await statusFor('https://other.example.com', true, { credmint_session: 'true' })).toBe(200);
  });
});
