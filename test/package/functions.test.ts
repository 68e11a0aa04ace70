import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, functionNames, type Target } from '../../scripts/bundle.ts';
import { installedNode, invoke, type Outcome, recorded } from '../support/packaged/deployed.ts';
import { signed } from '../support/packaged/signed.ts';

/** Our own key, the cloud's, and what the cloud mints: none of the three may be printed. */
const ours = { accessKeyId: 'AKIDCREDMINTEXAMPLE1', secretAccessKey: 'our-callers-secret-of-40-characters-long' };
const theirs = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const minted = {
  accessKeyId: 'ASIAMINTEDEXAMPLE001',
  secret: 'minted-secret-of-40-characters-in-length',
  token: 'minted-token',
};

const expiration = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, '');

const reply = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
  <Credentials><AccessKeyId>${minted.accessKeyId}</AccessKeyId><SecretAccessKey>${minted.secret}</SecretAccessKey>
  <SessionToken>${minted.token}</SessionToken><Expiration>${expiration}</Expiration></Credentials>
  <AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:ci</AssumedRoleId>
  <Arn>arn:aws:sts::123456789012:assumed-role/demo/ci</Arn></AssumedRoleUser>
</AssumeRoleResult><ResponseMetadata><RequestId>upstream-1</RequestId></ResponseMetadata></AssumeRoleResponse>`;

const folder = mkdtempSync(join(tmpdir(), 'credmint-deployed-'));
let cloud: Server;

const configuration = (endpoint: string) => ({
  accounts: {
    aws: {
      cloud: 'aws',
      endpoint,
      region: 'us-east-1',
      key: { id: theirs.accessKeyId, secret: 'env:AWS_ACCOUNT_SECRET' },
    },
  },
  callers: { ci: { accessKey: { id: ours.accessKeyId, secret: 'env:CI_SECRET' } } },
  grants: [
    {
      name: 'ci',
      callers: ['ci'],
      account: 'aws',
      operations: ['AssumeRole'],
      roles: ['arn:aws:iam::123456789012:role/demo'],
      maxDurationSeconds: 3600,
    },
  ],
});

beforeAll(async () => {
  cloud = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/xml' }).end(reply);
  });
  await new Promise<void>((resolve) => cloud.listen(0, '127.0.0.1', resolve));
  const { port } = cloud.address() as AddressInfo;
  writeFileSync(join(folder, 'credmint.config.json'), JSON.stringify(configuration(`http://127.0.0.1:${port}`)));
  for (const target of ['aws', 'tencent'] as const) {
    for (const name of functionNames()) await bundle(name, target, join(folder, 'dist'));
  }
});

afterAll(async () => {
  await new Promise((resolve) => cloud.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const secrets = [ours.secretAccessKey, theirs.secretAccessKey, minted.secret, minted.token];

// Node 20 is what SCF has; where the machine has none, its bundle runs on this one.
const platforms: readonly { readonly target: Target; readonly shape: string; readonly node?: string }[] = [
  { target: 'aws', shape: 'v2' },
  { target: 'aws', shape: 'v1' },
  { target: 'tencent', shape: 'scf', node: installedNode(20) ?? process.execPath },
];

describe.each(platforms)('a function deployed to $target, sent $shape events', ({ target, shape, node }) => {
  const call = (name: string, event: unknown): Promise<Outcome> =>
    invoke({
      folder,
      bundle: `dist/${target}/${name}/index.cjs`,
      event,
      ...(node === undefined ? {} : { node }),
      env: {
        CREDMINT_CONFIG: join(folder, 'credmint.config.json'),
        AWS_ACCOUNT_SECRET: theirs.secretAccessKey,
        CI_SECRET: ours.secretAccessKey,
      },
    });

  it('is healthy', async () => {
    const { reply } = await call('health', recorded(`health.${shape}`));

    expect(reply.statusCode).toBe(200);
    expect(reply.headers).toMatchObject({ 'cache-control': 'no-store' });
  });

  it.each(['assumeRole', 'getFederationToken'])('gives nothing to whom it does not know: %s', async (name) => {
    const { reply } = await call(name, recorded(`${name}.${shape}`));

    expect(reply.statusCode).toBe(401);
    expect(reply.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/problem\+json/),
      'x-request-id': expect.stringMatching(/./),
    });
    expect(JSON.parse(reply.body ?? '')).toMatchObject({ status: 401, code: 'Unauthenticated' });
  });

  it('mints for whom a grant allows', async () => {
    const { reply, log } = await call('assumeRole', await signed(recorded(`assumeRole.${shape}`), ours));

    expect(reply.statusCode, reply.body).toBe(200);
    expect(JSON.parse(reply.body ?? '')).toMatchObject({
      account: 'aws',
      cloud: 'aws',
      credentials: {
        accessKeyId: minted.accessKeyId,
        secretAccessKey: minted.secret,
        sessionToken: minted.token,
        expiration,
      },
    });
    for (const secret of secrets) expect(log).not.toContain(secret);
  });

  it('answers an SDK in its own words', async () => {
    const { reply, log } = await call('sts', await signed(recorded(`sts.${shape}`), ours));
    const body = reply.isBase64Encoded ? Buffer.from(reply.body ?? '', 'base64').toString() : (reply.body ?? '');

    expect(reply.statusCode, body).toBe(200);
    expect(body).toContain(`<SecretAccessKey>${minted.secret}</SecretAccessKey>`);
    for (const secret of secrets) expect(log).not.toContain(secret);
  });
});
