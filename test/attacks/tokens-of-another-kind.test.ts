import { describe, expect, it } from 'vitest';
import { createApp, replyOf } from '../support/app.ts';
import { awsAccount, cloudTransport } from '../support/cloud-transport.ts';
import { httpApiEvent } from '../support/gateway-events.ts';
import { newKey, proving, ruleOf, tokenOf } from '../support/token-issuer.ts';

// A token that the issuer signed for something else, or for whoever holds a key, is taken for a proof of who asks.

const key = newKey();
const prove = proving([ruleOf([key])]);
const faultOf = async (claims: object, header: object = {}): Promise<string | undefined> => {
  const answer = await prove(tokenOf(key, { ...claims }, { ...header }));
  return 'fault' in answer ? answer.fault : 'none';
};

describe('a token whose type says that it proves nobody', () => {
  it.each([
    'logout+jwt',
    'secevent+jwt',
    'dpop+jwt',
    'oauth-authz-req+jwt',
    'token-introspection+jwt',
    'kb+jwt',
    'dc+sd-jwt',
    'Logout+JWT',
    'application/logout+jwt',
    'x-at+jwt',
    'at+jwt+jwt',
    'logout+jwt;v=1',
    ['logout+jwt'],
    ['JWT'],
    { toString: 1, valueOf: 1 },
    1,
    true,
  ])('is refused: %s', async (typ) => {
    expect(await faultOf({}, { typ })).toBe('TokenOfAnotherKind');
  });

  it.each(['JWT', 'jwt', 'application/jwt', 'JOSE', 'at+jwt', 'application/at+jwt', 'AT+JWT', null, undefined])(
    'is taken if it is one of an identity or access token, or none: %s',
    async (typ) => {
      expect(await faultOf({}, { typ })).toBe('none');
    },
  );
});

describe('a token that is bound to a key', () => {
  it.each([
    ['of DPoP', { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' }],
    ['of a client certificate', { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' }],
    ['of any other kind', { kid: 'a' }],
    ['in words that are not known', 'somebody'],
    ['by nothing', null],
  ])('%s is refused, since the request does not prove that key', async (_, cnf) => {
    expect(await faultOf({ cnf })).toBe('TokenBound');
  });
});

describe('a token that a gateway has verified', () => {
  const role = 'arn:aws:iam::123456789012:role/demo';
  const app = createApp({
    config: {
      accounts: { aws: awsAccount() },
      callers: { web: { authorizer: { gateway: { id: 'a1b2c3' }, kind: 'jwt', claims: { sub: 'job' } } } },
      grants: [{ name: 'app', callers: ['web'], account: 'aws', operations: ['AssumeRole'], roles: [role] }],
    },
    environment: { ACCOUNT: 'the secret of the account' },
    deps: { transport: cloudTransport().transport },
  });
  const said = { iss: 'https://idp.example.com', sub: 'job', exp: 1_893_456_000 };
  const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const statusFor = async (header: object, more: object = {}, isSent = true): Promise<number> => {
    const token = `${encoded({ alg: 'RS256', ...header })}.${encoded({ ...said, ...more })}.${encoded(['signed'])}`;
    // A gateway writes every claim as text.
    const claims = Object.fromEntries(
      Object.entries({ ...said, ...more }).map(([name, value]) => [name, String(value)]),
    );
    const event = httpApiEvent(
      { authorizer: { jwt: { claims, scopes: null } } },
      isSent ? { authorization: `Bearer ${token}` } : {},
    );
    return replyOf(await app.handle(event)).status;
  };

  it('is refused if its header says that it proves nobody, or what nobody understands', async () => {
    expect(await statusFor({ typ: 'JWT' })).toBe(200);
    expect(await statusFor({ typ: 'logout+jwt' })).toBe(401);
    expect(await statusFor({ typ: 'JWT', crit: ['b64'] })).toBe(401);
  });

  it('is refused if it is bound to a key, also where the gateway keeps the token to itself', async () => {
    const cnf = { cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } };
    expect(await statusFor({}, {}, false)).toBe(200);
    expect(await statusFor({}, cnf)).toBe(401);
    expect(await statusFor({}, cnf, false)).toBe(401);
  });
});
