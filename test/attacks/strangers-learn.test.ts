import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../lib/core/http.ts';
import { Secret } from '../../lib/core/secret.ts';
import { sign } from '../../lib/signers/sigv4.ts';
import { type App, ciKey, createApp } from '../support/app.ts';
import { awsAccount, cloudTransport } from '../support/cloud-transport.ts';
import { issuer, newKey, now, tokenOf } from '../support/token-issuer.ts';

// Who is refused learns from the answer what it was not to know.

const get = (path: string): HttpRequest => ({
  method: 'GET',
  scheme: 'https',
  host: 'mint.example.test',
  path,
  query: '',
  headers: {},
  body: '',
});

describe('a stranger with a valid token of an issuer that is trusted', () => {
  it('is not told whose tokens are, though callers are told everything', async () => {
    const key = newKey();
    const app = createApp({
      startsAt: now,
      config: {
        explain: 'full',
        callers: {
          ci: { jwt: { issuer, audience: 'credmint', jwks: 'env:JWKS', claims: { repository_id: ['424242'] } } },
        },
      },
      environment: { JWKS: JSON.stringify({ keys: [key.jwk] }) },
    });
    const token = tokenOf(key, { repository_id: '7' });
    const answer = await app.send({
      ...get('/assumeRole'),
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"roleArn":"r","roleSessionName":"me"}',
    });
    expect(answer.body.code).toBe('InvalidIdentityToken');
    expect(answer.text).not.toMatch(/424242|repository_id|ClaimMismatch|"ci"|trace|reason/);
    expect(app.records.at(-1)).toMatchObject({
      proofFault: 'ClaimMismatch',
      trace: [{ caller: 'ci', expected: 'repository_id: 424242' }],
    });
  });
});

describe('a lease of another', () => {
  const lease = (account: string) => ({ operation: 'AssumeRole', account, role: 'arn:aws:iam::1:role/x' });
  const grant = (changes: object) => ({
    name: 'read',
    callers: ['ci'],
    account: 'aws',
    operations: ['ReadLease'],
    ...changes,
  });
  const open = (explain: string, changes: object): App =>
    createApp({
      config: {
        explain,
        accounts: { aws: awsAccount(), other: awsAccount() },
        grants: [grant(changes)],
        leases: { foreign: lease('other'), mine: lease('aws') },
      },
      environment: { ACCOUNT: 'the secret of the account' },
      deps: { transport: cloudTransport().transport },
    });
  const read = async (app: App, name: string) => {
    const key = { id: ciKey.id, secret: new Secret(ciKey.secret) };
    const signed = sign(get(`/leases/${name}`), key, { now: app.now(), region: 'local', service: 'sts' });
    const { status, body } = await app.send(signed);
    const { requestId: _, ...said } = body;
    return { status, said };
  };

  it.each(['none', 'code', 'full'])(
    'is not told apart from none, with explanations of the kind %s',
    async (explain) => {
      for (const changes of [{ leases: ['**'] }, { leases: ['mine'] }, { leases: ['mine', 'foreign', 'absent'] }]) {
        const app = open(explain, changes);
        const foreign = await read(app, 'foreign');
        expect(foreign.status).toBe(403);
        expect(await read(app, 'absent')).toEqual(foreign);
      }
    },
  );

  it('is not told apart by a condition that its reader does not meet', async () => {
    const app = open('full', { leases: ['**'], sourceIps: ['192.0.2.1'] });
    expect(await read(app, 'mine')).toEqual(await read(app, 'absent'));
    expect(app.records.map(({ reason }) => reason)).toEqual(['SourceIpNotGranted', 'LeaseNotGranted']);
  });

  it('is none of those that its readers may read', async () => {
    const { status, said } = await read(open('full', { leases: ['**'] }), 'mine');
    expect([status, said.code]).toEqual([404, 'LeaseNotFound']);
  });
});
