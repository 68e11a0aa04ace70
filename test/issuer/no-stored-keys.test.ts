import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { createRemoteJWKSet, decodeProtectedHeader, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import type * as Sts from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReply } from '../../lib/delivery/open.ts';
import { askJson } from '../support/ask-json.ts';
import {
  awsAudience,
  awsRole,
  callerKey,
  ecPem,
  openPair,
  otherKey,
  tencentAudience,
  tencentRole,
} from '../support/keyless-pair.ts';
import { unproxied } from '../support/oracle-environment.ts';
import { eventsIn, openReceiver } from '../support/receiver.ts';

const require = createRequire(import.meta.url);
const { sts }: typeof Sts = require('tencentcloud-sdk-nodejs/tencentcloud/services/sts/index.js');

unproxied();

let pair: Awaited<ReturnType<typeof openPair>>;

beforeEach(async () => {
  pair = await openPair();
});
afterEach(() => pair.close());

let names = 0;
/** With a name of its own each time, so that the cache does not answer. */
const assume = (account: 'aws' | 'tencent' = 'aws', key = callerKey) =>
  askJson(
    pair.keyless.url,
    key,
    '/assumeRole',
    { account, roleArn: account === 'aws' ? awsRole : tencentRole, roleSessionName: `run-${++names}` },
    new Date(Date.now() + pair.keyless.skewMs),
  );

/** A token of the issuer, as an account of its server would show it. */
const tokenFor = async (aud: string, sub = 'account:aws:grant:mint-aws'): Promise<string> => {
  const { issuer } = pair.keyless.app.brokerDeps;
  if (issuer === undefined) throw new Error('There is an issuer.');
  const { token } = await issuer.issue({ sub, aud }, { lifetimeSeconds: 300 }, AbortSignal.timeout(60_000));
  return token.reveal();
};

const stsAt = (url: string) =>
  new STSClient({ endpoint: url, region: 'us-east-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } });

const exchange = (WebIdentityToken: string) =>
  stsAt(pair.clouds.url).send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn: awsRole, RoleSessionName: 'sdk', WebIdentityToken }),
  );

/** Why the clouds refused the last request. */
const refusal = () => pair.clouds.records.at(-1)?.proofFault;

describe('a server that stores no key', () => {
  it.each(['aws', 'tencent'] as const)('mints at %s, which trusts its issuer by discovery', async (account) => {
    const { status, body } = await assume(account);
    expect([status, body.code, body.detail]).toEqual([200, undefined, undefined]);
    expect(pair.clouds.records.at(-1)).toMatchObject({
      outcome: 'Done',
      operation: 'AssumeRoleWithWebIdentity',
      dialect: account === 'aws' ? 'aws' : 'tencent-v3',
      caller: 'keyless',
    });
  });

  it('keeps a lease', async () => {
    await pair.deploy(['env:OLD'], {
      leases: { nightly: { operation: 'AssumeRole', account: 'aws', role: awsRole } },
    });
    await pair.keyless.keepFresh();
    const { status, body } = await askJson(pair.keyless.url, callerKey, '/leases/nightly');
    expect([status, body.code, body.detail]).toEqual([200, undefined, undefined]);
    expect(pair.keyless.records).toContainEqual(expect.objectContaining({ dialect: 'lease', outcome: 'Done' }));
  });

  it('answers an event', async () => {
    const receiver = await openReceiver();
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
    pair.environment['JWK'] = JSON.stringify({ ...(await exportJWK(publicKey)), kid: 'me' });
    const reply = { kind: 'webhook', url: `${receiver.url}/hook`, secret: 'env:CI' };
    await pair.deploy(['env:OLD'], {
      events: { sources: { direct: 'ci' }, recipients: { me: { jwk: 'env:JWK', callers: ['ci'], reply } } },
    });
    await pair.keyless.handle({
      specversion: '1.0',
      id: 'one',
      source: 'test',
      type: 'credmint.mint.requested',
      data: { recipient: 'me', operation: 'AssumeRole', account: 'aws', roleArn: awsRole, roleSessionName: 'event' },
    });
    const opened = await openReply(eventsIn(receiver.arrived)[0], await exportJWK(privateKey));
    await receiver.close();
    expect(opened).toMatchObject({ account: 'aws', credentials: { accessKeyId: expect.stringMatching(/^ASIA/) } });
  });
});

describe('the clouds that trust its issuer', () => {
  it('refuse a grant that they do not trust, by the subject of the token', async () => {
    const { body } = await assume('aws', otherKey);
    expect([body.code, refusal()]).toEqual(['AccountRefused', 'ClaimMismatch']);
  });

  it('refuse a token for another audience', async () => {
    await expect(exchange(await tokenFor('https://else.example'))).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
    });
    expect(refusal()).toBe('AudienceMismatch');
  });

  it('refuse a token that has expired', async () => {
    const token = await tokenFor(awsAudience);
    pair.clouds.skewMs = 361_000;
    await expect(exchange(token)).rejects.toMatchObject({ name: 'ExpiredTokenException' });
    expect(refusal()).toBe('TokenExpired');
  });

  it('refuse a token that was shown before', async () => {
    const token = await tokenFor(awsAudience);
    await exchange(token);
    await expect(exchange(token)).rejects.toThrow();
    expect(refusal()).toBe('TokenReplayed');
  });

  it('refuse a token of another key under the kid of the issuer’s', async () => {
    const { kid = '' } = decodeProtectedHeader(await tokenFor(awsAudience));
    const forged = await new SignJWT({ sub: 'account:aws:grant:mint-aws', jti: 'forged' })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuer(pair.keyless.url)
      .setAudience(awsAudience)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    await expect(exchange(forged)).rejects.toMatchObject({ name: 'InvalidIdentityTokenException' });
    expect(refusal()).toBe('TokenForged');
  });

  it('go on by the keys that they know while the documents cannot be fetched, and not for ever', async () => {
    expect((await assume()).status).toBe(200);
    pair.keyless.withoutDocuments = true;
    for (const skewMs of [11 * 60_000, 59 * 60_000]) {
      pair.clouds.skewMs = skewMs;
      pair.keyless.skewMs = skewMs;
      expect((await assume()).status).toBe(200);
    }
    pair.clouds.skewMs = 61 * 60_000;
    pair.keyless.skewMs = 61 * 60_000;
    expect((await assume()).status).not.toBe(200);
    expect(refusal()).toBe('KeySetUnreachable');
  });
});

describe('the key of the issuer', () => {
  it('is changed under load with no refusal, published before it signs and after', async () => {
    const statuses: number[] = [];
    const kids = new Set<string>();
    const load = async (): Promise<void> => {
      const replies = await Promise.all([assume(), assume('tencent'), assume()]);
      statuses.push(...replies.map(({ status }) => status));
      kids.add(decodeProtectedHeader(await tokenFor(awsAudience)).kid ?? '');
    };
    for (const keys of [['env:OLD'], ['env:OLD', 'env:NEW'], ['env:NEW', 'env:OLD'], ['env:NEW']]) {
      const before = load();
      await pair.deploy(keys);
      await Promise.all([before, load()]);
      // As long as the clouds may go without looking, before the next step.
      pair.clouds.skewMs += 10 * 60_000;
      pair.keyless.skewMs += 10 * 60_000;
      await load();
    }
    expect(statuses).toEqual(statuses.map(() => 200));
    expect(statuses.length).toBe(36);
    expect(kids.size).toBe(2);
  });

  it.each(['P-256', 'P-384'] as const)('may be one on %s', async (curve) => {
    pair.environment['NEW'] = ecPem(curve);
    await pair.deploy(['env:NEW']);
    expect((await assume()).status).toBe(200);
  });
});

describe('the vendors’ own SDKs', () => {
  it('exchange a token of the issuer at AWS', async () => {
    const { Credentials, SubjectFromWebIdentityToken, Audience, Provider } = await exchange(
      await tokenFor(awsAudience),
    );
    expect([SubjectFromWebIdentityToken, Audience, Provider]).toEqual([
      'account:aws:grant:mint-aws',
      awsAudience,
      pair.keyless.url,
    ]);
    const session = new STSClient({
      endpoint: pair.clouds.url,
      region: 'us-east-1',
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    expect(await session.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: 'arn:aws:sts::111122223333:assumed-role/demo/sdk',
    });
  });

  it('exchange one at Tencent Cloud', async () => {
    const { host } = new URL(pair.clouds.url);
    const client = new sts.v20180813.Client({
      credential: { secretId: 'none', secretKey: 'none' },
      region: 'ap-guangzhou',
      profile: { httpProfile: { endpoint: host, protocol: 'http://' } },
    });
    const { Credentials } = await client.request(
      'AssumeRoleWithWebIdentity',
      {
        ProviderId: 'credmint',
        WebIdentityToken: await tokenFor(tencentAudience, 'account:tencent:grant:mint-tencent'),
        RoleArn: tencentRole,
        RoleSessionName: 'sdk',
      },
      { skipSign: true },
    );
    expect(Credentials.TmpSecretId).toMatch(/^AKID/);
  });

  it('jose verifies a token by the documents alone', async () => {
    const discovery = await (await fetch(`${pair.keyless.url}/.well-known/openid-configuration`)).json();
    const { payload } = await jwtVerify(
      await tokenFor(awsAudience),
      createRemoteJWKSet(new URL((discovery as { jwks_uri: string }).jwks_uri)),
      { issuer: (discovery as { issuer: string }).issuer, audience: awsAudience },
    );
    expect(payload.sub).toBe('account:aws:grant:mint-aws');
  });
});
