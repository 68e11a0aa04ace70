import { describe, expect, it } from 'vitest';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { createApp } from '../support/app.ts';
import { awsAccount, cloudTransport } from '../support/cloud-transport.ts';
import { issuer, newKey, now, tokenOf } from '../support/token-issuer.ts';

// Something is given, or tried, and the record does not say by whom or to whom.

const role = 'arn:aws:iam::123456789012:role/app';
const request = {
  method: 'POST',
  scheme: 'https',
  host: 'mint.example.test',
  path: '/assumeRole',
  query: '',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ roleArn: role, roleSessionName: 'asked' }),
} as const;

describe('the record of what was given', () => {
  const key = newKey();
  const app = createApp({
    startsAt: now,
    config: {
      accounts: { aws: awsAccount() },
      callers: { ci: { jwt: { issuer, audience: 'credmint', jwks: 'env:JWKS' } } },
      grants: [
        {
          name: 'deploy',
          callers: ['ci'],
          account: 'aws',
          operations: ['AssumeRole'],
          roles: ['**'],
          claims: { ref: ['main'] },
          references: { 'claims.actor': {} },
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the language of the templates
          sessionName: 'run-${claims.actor}',
        },
      ],
    },
    environment: { JWKS: JSON.stringify({ keys: [key.jwk] }), ACCOUNT: 'the secret of the account' },
    deps: { transport: cloudTransport(new Date(now.getTime() + 3_600_000)).transport },
  });

  it('names issuer, subject, the claims that counted, the name that was given, and whether it was minted', async () => {
    const token = tokenOf(key, { sub: 'ann', ref: 'main', actor: 'ann', email: 'ann@example.com' });
    const ask = () => app.send({ ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } });
    await ask();
    await ask();
    const said = {
      caller: 'ci',
      issuer,
      subject: 'ann',
      claims: { ref: ['main'], actor: ['ann'] },
      sessionName: 'asked',
      givenSessionName: 'run-ann',
    };
    expect(app.records).toMatchObject([
      { ...said, origin: 'minted' },
      { ...said, origin: 'kept' },
    ]);
  });
});

it('the record of a proof that failed has the id of the key', async () => {
  const app = createApp();
  const how = { now: app.now(), region: 'local', service: 'sts' };
  await app.send(sign(request, { id: 'AKIDSTRANGER', secret: new Secret('guessed') }, how));
  expect(app.records).toMatchObject([{ outcome: 'UnknownKey', callerKeyId: 'AKIDSTRANGER', scheme: 'sigv4' }]);
  expect(app.records[0]).not.toHaveProperty('caller');
});
