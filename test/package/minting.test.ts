import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openReply } from '../../lib/delivery/open.ts';
import { invoke, type Outcome, recorded } from '../support/packaged/deployed.ts';
import { type Packaged, packagedFor } from '../support/packaged/packaging.ts';
import { signed } from '../support/packaged/signed.ts';
import { configuration, environment, openUpstream, ours, type Upstream } from '../support/packaged/upstream.ts';
import { eventsIn, openReceiver } from '../support/receiver.ts';

// Each artifact of `npm run package`, unpacked, run in a process of its own on events as AWS records them, and minting
// at the built-in authority over the wire.

let deployment: Packaged;
let upstream: Upstream;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
let recipient: { readonly publicKey: JWK; readonly privateKey: JWK };

beforeAll(async () => {
  receiver = await openReceiver();
  upstream = await openUpstream();
  const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
  recipient = { publicKey: await exportJWK(pair.publicKey), privateKey: await exportJWK(pair.privateKey) };
  deployment = await packagedFor(configuration(upstream.access, receiver.url));
}, 240_000);
beforeEach(() => {
  receiver.arrived.length = 0;
});
afterAll(async () => {
  deployment.dispose();
  await upstream.close();
  await receiver.close();
});

/** Runs a function; nothing that it says may hold a secret. */
const run = async (name: string, event: unknown): Promise<Outcome> => {
  const outcome = await invoke({
    folder: deployment.unpack(name),
    bundle: 'index.cjs',
    event,
    env: environment(upstream.access, recipient.publicKey),
  });
  for (const secret of [ours.secretAccessKey, upstream.access.accessKey.secret, 'secret-of-the-role']) {
    expect(outcome.log).not.toContain(secret);
  }
  return outcome;
};

/** A recorded request with another body, signed by our caller. */
const asking = (name: string, body: string): Promise<Record<string, unknown>> =>
  signed({ ...recorded(name), body, isBase64Encoded: false }, ours);

const bodyOf = ({ reply }: Outcome): string =>
  reply.isBase64Encoded ? Buffer.from(reply.body ?? '', 'base64').toString() : (reply.body ?? '');

describe.each(['v1', 'v2'])('an artifact behind API Gateway %s', (shape) => {
  it('is healthy', async () => {
    expect((await run('health', recorded(`health.${shape}`))).reply.statusCode).toBe(200);
  });

  it.each(['aws', 'tencent-v3'])('assumes a role at %s', async (account) => {
    const body = JSON.stringify({ account, roleArn: upstream.access.roles[account], roleSessionName: 'ci' });
    const outcome = await run('assumeRole', await asking(`assumeRole.${shape}`, body));

    expect(outcome.reply.statusCode, bodyOf(outcome)).toBe(200);
    const { credentials, cloud } = JSON.parse(bodyOf(outcome));
    expect(cloud).toBe(account);
    expect(Date.parse(credentials.expiration)).toBeGreaterThan(Date.now());
    expect(outcome.log).not.toContain(credentials.secretAccessKey);
    expect(outcome.log).not.toContain(credentials.sessionToken);
  });

  it('gets a federation token', async () => {
    const { body } = recorded(`getFederationToken.${shape}`);
    const outcome = await run('getFederationToken', await asking(`getFederationToken.${shape}`, String(body)));

    expect(outcome.reply.statusCode, bodyOf(outcome)).toBe(200);
    expect(JSON.parse(bodyOf(outcome)).credentials.sessionToken).toMatch(/./);
  });

  it('answers an SDK of AWS in its own words', async () => {
    const role = encodeURIComponent(upstream.access.roles['aws'] ?? '');
    const body = `Action=AssumeRole&Version=2011-06-15&RoleArn=${role}&RoleSessionName=ci`;
    const outcome = await run('sts', await asking(`sts.${shape}`, body));

    expect(outcome.reply.statusCode, bodyOf(outcome)).toBe(200);
    expect(bodyOf(outcome)).toContain('<SecretAccessKey>');
  });
});

/** A recorded document, asking for the role that the authority has here. */
const requested = (name: string): unknown =>
  JSON.parse(JSON.stringify(recorded(name)).replaceAll('ROLE-OF-THE-TEST', upstream.access.roles['aws'] ?? ''));

describe.each(['sqs', 'eventbridge'])('an artifact that a document of %s reaches', (source) => {
  it('mints, and sends what only the recipient opens', async () => {
    const { reply, log } = await run('mintOnEvent', requested(`mintOnEvent.${source}`));

    expect(reply, log).toEqual({ batchItemFailures: [] });
    const [event] = eventsIn(receiver.arrived);
    expect(event).toMatchObject({ type: 'credmint.mint.completed', data: { account: 'aws' } });
    const { credentials } = await openReply(event, recipient.privateKey);
    expect(Date.parse(credentials.expiration)).toBeGreaterThan(Date.now());
    expect(log).not.toContain(credentials.secretAccessKey);
    expect(JSON.stringify(receiver.arrived)).not.toContain(credentials.sessionToken);
  });
});

describe('an artifact that a schedule starts', () => {
  it('refreshes the leases that are due, and delivers them', async () => {
    const { reply, log } = await run('refreshLeases', recorded('refreshLeases.schedule'));

    expect(reply, log).toMatchObject({ refreshed: 1 });
    const [delivered] = receiver.arrived;
    expect(JSON.stringify(delivered?.body)).toMatch(/expiration/i);
    expect(log).not.toMatch(/secretAccessKey|sessionToken/i);
  });
});
