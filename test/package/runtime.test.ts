import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../scripts/bundle.ts';
import { readConfiguration } from '../../scripts/package/configuration.ts';
import { packageFunctions } from '../../scripts/package/package-functions.ts';
import { recorded } from '../support/packaged/deployed.ts';
import { type Ended, type Instance, startInstance } from '../support/packaged/runtime-api.ts';
import { signed } from '../support/packaged/signed.ts';
import { configuration, environment, openUpstream, ours, type Upstream } from '../support/packaged/upstream.ts';
import { eventsIn, openReceiver } from '../support/receiver.ts';

// Packages as they are uploaded, run by a runtime that asks the Runtime API for their events, one instance for several.

const folder = mkdtempSync(join(tmpdir(), 'credmint-runtime-'));
const packages = join(folder, 'packages');
let upstream: Upstream;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
let recipient: JWK;
let instance: Instance | undefined;

beforeAll(async () => {
  receiver = await openReceiver();
  upstream = await openUpstream();
  recipient = await exportJWK((await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true })).publicKey);
  mkdirSync(join(folder, 'keys'));
  // The recipient's public key is a file beside the configuration.
  writeFileSync(join(folder, 'keys/etl.json'), JSON.stringify(recipient));
  const written = configuration(upstream.access, receiver.url);
  const etl = { ...written.events.recipients.etl, jwk: 'file:keys/etl.json' };
  const json = { ...written, events: { ...written.events, recipients: { etl } } };
  const path = join(folder, 'credmint.config.json');
  writeFileSync(path, JSON.stringify(json));
  await packageFunctions('aws', readConfiguration(path, { target: 'aws', secretsAllowed: false }), packages);
}, 120_000);
beforeEach(() => {
  receiver.arrived.length = 0;
});
afterEach(() => instance?.close());
afterAll(async () => {
  await upstream.close();
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (name: string, env: Readonly<Record<string, string>> = {}, at = join(packages, name)) => {
  const { CREDMINT_CONFIG: _, ...rest } = environment(upstream.access, recipient);
  instance = await startInstance({ folder: at, env: { ...rest, ...env } });
  return instance;
};

const asking = (event: Record<string, unknown>, session: string): Promise<Record<string, unknown>> => {
  const body = JSON.stringify({ account: 'aws', roleArn: upstream.access.roles['aws'], roleSessionName: session });
  return signed({ ...event, body, isBase64Encoded: false }, ours);
};

const statusOf = (ended: Ended): unknown =>
  'error' in ended ? ended.error.errorMessage : (ended.reply as { readonly statusCode: number }).statusCode;

/** A document that asks for the role that the authority has here. */
const requested = (name: string): Record<string, unknown> =>
  JSON.parse(JSON.stringify(recorded(name)).replaceAll('ROLE-OF-THE-TEST', upstream.access.roles['aws'] ?? ''));

const functionUrl = (): Record<string, unknown> => {
  const event = recorded('assumeRole.v2');
  const context = event['requestContext'] as Record<string, unknown>;
  return { ...event, routeKey: '$default', requestContext: { ...context, routeKey: '$default' } };
};

describe('a package in the runtime of Lambda', () => {
  it('answers the requests of every front that AWS has, in one instance', async () => {
    const { invoke, log } = await start('assumeRole');

    for (const [name, event] of [
      ['v1', recorded('assumeRole.v1')],
      ['v2', recorded('assumeRole.v2')],
      ['alb', recorded('assumeRole.alb')],
      ['url', functionUrl()],
    ] as const) {
      // An ALB hands the query on, which this signer does not sign.
      const { queryStringParameters: _, ...rest } = event;
      expect(statusOf(await invoke(await asking(rest, name))), `${name}: ${log()}`).toBe(200);
    }
    expect(log()).not.toContain(ours.secretAccessKey);
  });

  it('is refused what is no request, by name, and serves on', async () => {
    const { invoke } = await start('assumeRole');

    expect(statusOf(await invoke(recorded('mintOnEvent.sqs')))).toMatch(/records of aws:sqs/);
    expect(statusOf(await invoke(await asking(recorded('assumeRole.v2'), 'after')))).toBe(200);
  });

  it('reports of a batch the one message that failed', async () => {
    const { invoke, log } = await start('mintOnEvent');
    const batch = requested('mintOnEvent.sqs') as { readonly Records: readonly object[] };
    const event = { Records: [...batch.Records, { ...batch.Records[0], messageId: 'the-bad-one', body: '{}' }] };
    const ended = await invoke(event);

    expect(ended, log()).toEqual({ reply: { batchItemFailures: [{ itemIdentifier: 'the-bad-one' }] } });
    expect(eventsIn(receiver.arrived)).toHaveLength(1);
  });

  it.each(['eventbridge', 'sns'])('mints on a document of %s for a recipient whose key is packaged', async (source) => {
    const { invoke, log } = await start('mintOnEvent');

    expect(await invoke(requested(`mintOnEvent.${source}`)), log()).toEqual({ reply: { batchItemFailures: [] } });
    expect(eventsIn(receiver.arrived)).toHaveLength(1);
  });

  it('refreshes leases at the tick of a schedule', async () => {
    const { invoke, log } = await start('refreshLeases');

    expect(await invoke(recorded('refreshLeases.schedule')), log()).toMatchObject({ reply: { refreshed: 1 } });
  });

  it('mints after it was frozen and its connections have died meanwhile', async () => {
    const { invoke, freeze, thaw, log } = await start('assumeRole');
    await invoke(await asking(recorded('assumeRole.v2'), 'before'));
    freeze();
    upstream.dropConnections();
    thaw();

    expect(statusOf(await invoke(await asking(recorded('assumeRole.v2'), 'after'))), log()).toBe(200);
  });

  it('asks again for its secrets if their place was down', async () => {
    const state = { down: true };
    const secrets = createServer((_message, response) => {
      response.writeHead(state.down ? 500 : 200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(state.down ? {} : { Parameter: { Value: ours.secretAccessKey } }));
    });
    await new Promise<void>((done) => secrets.listen(0, '127.0.0.1', done));
    const at = join(folder, 'secrets-down');
    const path = join(folder, 'ssm.config.json');
    const written = configuration(upstream.access, receiver.url);
    const ci = { accessKey: { id: ours.accessKeyId, secret: 'ssm:/credmint/dev/ci' } };
    writeFileSync(path, JSON.stringify({ ...written, callers: { ci } }));
    await packageFunctions('aws', readConfiguration(path, { target: 'aws', secretsAllowed: false }), at);
    const { invoke, log } = await start(
      'assumeRole',
      { AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}` },
      join(at, 'assumeRole'),
    );
    const event = await asking(recorded('assumeRole.v2'), 'ci');
    const first = statusOf(await invoke(event));
    state.down = false;

    expect(first).not.toBe(200);
    expect(statusOf(await invoke(await asking(recorded('assumeRole.v2'), 'again'))), log()).toBe(200);
    secrets.closeAllConnections();
    await new Promise((done) => secrets.close(done));
  }, 120_000);

  it('says which file is missing if it has no configuration, and is healthy all the same', async () => {
    const { invoke, log } = await start('health');
    expect(statusOf(await invoke(recorded('health.v2'))), log()).toBe(200);
    await instance?.close();

    const { CREDMINT_CONFIG: _, ...env } = environment(upstream.access, recipient);
    const other = join(packages, 'assumeRole');
    instance = await startInstance({ folder: other, env: { ...env, CREDMINT_CONFIG: 'none.json' } });
    await instance.invoke(await asking(recorded('assumeRole.v2'), 'ci'));
    expect(instance.log()).toContain(`${join(other, 'none.json')}: cannot be read`);
  });

  it('says at once that it was built for another configuration than it finds, to the caller and in the log', async () => {
    const other = join(folder, 'other');
    cpSync(join(packages, 'assumeRole'), other, { recursive: true });
    const config = join(other, 'credmint.config.json');
    writeFileSync(config, `${readFileSync(config, 'utf8')}\n`);
    const { invoke, log } = await start('assumeRole', {}, other);
    const { reply } = (await invoke(await asking(recorded('assumeRole.v2'), 'ci'))) as {
      readonly reply: { readonly statusCode: number; readonly body: string };
    };

    expect(reply.statusCode).toBe(500);
    expect(JSON.parse(reply.body)).toMatchObject({ code: 'Misconfigured' });
    expect(log()).toContain('is another configuration than this function was built for');
  });

  it("serves the issuer's documents as `credmint issuer` wrote them, and nothing of its keys", async () => {
    const at = join(folder, 'issuer');
    mkdirSync(join(at, 'keys'), { recursive: true });
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const path = join(at, 'credmint.config.json');
    const url = 'https://id.example.com';
    writeFileSync(path, JSON.stringify({ issuer: { url, keys: ['env:ISSUER_KEY'] } }));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'bin/credmint.js'), 'issuer', '--config', path],
      { encoding: 'utf8', env: { PATH: process.env['PATH'], ISSUER_KEY: pem } },
    );
    expect(status, stderr).toBe(0);
    writeFileSync(join(at, 'credmint.issuer.json'), stdout);
    await packageFunctions('aws', readConfiguration(path, { target: 'aws', secretsAllowed: false }), join(at, 'out'));
    const { invoke, log } = await start('issuerDocuments', {}, join(at, 'out/issuerDocuments'));
    const read = async (name: string): Promise<unknown> => {
      const event = recorded('health.v2');
      const context = event['requestContext'] as { readonly http: object };
      const ended = await invoke({
        ...event,
        rawPath: `/.well-known/${name}`,
        requestContext: { ...context, http: { ...context.http, method: 'GET', path: `/.well-known/${name}` } },
      });
      expect(statusOf(ended), log()).toBe(200);
      return JSON.parse((ended as { readonly reply: { readonly body: string } }).reply.body);
    };

    expect(await read('openid-configuration')).toMatchObject({ issuer: url, jwks_uri: `${url}/.well-known/jwks.json` });
    const { keys } = (await read('jwks.json')) as { readonly keys: readonly JWK[] };
    expect(keys).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', use: 'sig', kid: expect.any(String) })]);
    expect(keys[0]).not.toHaveProperty('d');
    expect(await read('oauth-authorization-server')).toMatchObject({ issuer: url, token_endpoint: `${url}/token` });
  }, 120_000);
});
