import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clouds } from '../../../lib/clouds/dialects.ts';
import { allOperations, type LaptopApp, openLaptopApp, type ServedApp, serveApp } from '../../support/app.ts';
import { openProvider, type Provider } from '../../support/oidc-provider.ts';

// The vendors' own SDKs, as a pod has them: told by the environment where to go and what to show there.

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs a program of a vendor's SDK with nothing else in its environment, and gives what it wrote as JSON. */
const run = async (program: string, environment: Readonly<Record<string, string>>): Promise<Record<string, string>> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: root,
    env: { HOME: '/nonexistent', NO_PROXY: '*', AWS_EC2_METADATA_DISABLED: 'true', ...environment },
  });
  return JSON.parse(stdout) as Record<string, string>;
};

let provider: Provider;
let upstream: LaptopApp;
let app: ServedApp;
let folder: string;
let tokenFile: string;

beforeAll(async () => {
  provider = await openProvider();
  upstream = await openLaptopApp();
  const { id, secret } = upstream.access.accessKey;
  const account = (cloud: string) => ({
    cloud,
    endpoint: `${upstream.url}/`,
    region: 'ap-guangzhou',
    key: { id, secret: 'env:UPSTREAM' },
  });
  const { roles } = upstream.access;
  app = await serveApp({
    config: {
      callers: { pod: { jwt: { issuer: provider.issuer, audience: ['sts.amazonaws.com', 'sts.cloud.tencent.com'] } } },
      accounts: {
        authority: { cloud: 'authority' },
        ...Object.fromEntries(Object.keys(roles).map((cloud) => [`our-${cloud}`, account(cloud)])),
      }, // Whichever cloud's role is asked for, in whichever cloud's words.
      grants: [
        {
          name: 'ours',
          callers: ['pod'],
          account: 'authority',
          operations: allOperations,
          roles: ['arn:aws:iam::123456789012:role/demo'],
        },
        ...Object.entries(roles).map(([cloud, role]) => ({
          name: cloud,
          callers: ['pod'],
          account: `our-${cloud}`,
          operations: allOperations,
          roles: [role],
        })),
      ],
    },
    environment: { UPSTREAM: secret },
  });
  folder = mkdtempSync(join(tmpdir(), 'credmint-token-'));
  tokenFile = join(folder, 'token');
  writeFileSync(
    tokenFile,
    await provider.token({
      aud: ['sts.amazonaws.com', 'sts.cloud.tencent.com'],
      sub: 'system:serviceaccount:ci:deploy',
    }),
  );
});
afterAll(async () => {
  await app.close();
  await upstream.close();
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});

const systems = clouds.map(({ id }) => id);

const roleOf = (cloud: string): string => upstream.access.roles[cloud] ?? '';
const last = () => app.records.at(-1);

describe('an AWS SDK that finds a token file in its environment', () => {
  const program = `
    import { STSClient } from '@aws-sdk/client-sts';
    const said = await new STSClient({}).config.credentials().catch(({ name }) => ({ error: name }));
    const { accessKeyId, secretAccessKey, sessionToken, error } = said;
    console.log(JSON.stringify({ accessKeyId, secretAccessKey, sessionToken, error }));`;
  const environment = (role: string) => ({
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL_STS: app.url,
    AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    AWS_ROLE_ARN: role,
    AWS_ROLE_SESSION_NAME: 'pod',
  });

  it.each(systems)('has credentials of %s', async (cloud) => {
    const found = await run(program, environment(roleOf(cloud)));
    expect(found).toMatchObject({ sessionToken: expect.any(String) });
    expect(last()).toMatchObject({
      outcome: 'Done',
      dialect: 'aws',
      caller: 'pod',
      proof: 'jwt',
      account: `our-${cloud}`,
      accessKeyId: found['accessKeyId'],
      sessionName: 'pod',
    });
  });

  it("has credentials of the service's own authority", async () => {
    await run(program, environment('arn:aws:iam::123456789012:role/demo'));
    expect(last()).toMatchObject({ outcome: 'Done', account: 'authority' });
  });

  it('is refused with its own kind of error', async () => {
    const other = environment('arn:aws:iam::999999999999:role/other');
    expect(await run(program, other)).toEqual({ error: 'AccessDenied' });
    const expired = join(folder, 'expired');
    writeFileSync(expired, await provider.token({ aud: 'sts.amazonaws.com', sub: 'x', exp: 1 }));
    const late = { ...environment(roleOf('aws')), AWS_WEB_IDENTITY_TOKEN_FILE: expired };
    expect(await run(program, late)).toEqual({ error: 'ExpiredTokenException' });
  });
});

describe('the Tencent Cloud SDK with its OIDC provider', () => {
  const program = `
    import common from 'tencentcloud-sdk-nodejs/tencentcloud/common/index.js';
    const endpoint = process.env.ENDPOINT;
    const provider = new common.OIDCRoleArnCredential({ profile: { httpProfile: { endpoint, protocol: 'http://' } } });
    const { secretId, secretKey, token } = await provider.getCredential();
    console.log(JSON.stringify({ secretId, secretKey, token }));`;
  const environment = (role: string) => ({
    ENDPOINT: new URL(app.url).host,
    TKE_REGION: 'ap-guangzhou',
    TKE_PROVIDER_ID: 'tke-oidc',
    TKE_WEB_IDENTITY_TOKEN_FILE: tokenFile,
    TKE_ROLE_ARN: role,
  });

  it.each(systems)('has credentials of %s', async (cloud) => {
    const found = await run(program, environment(roleOf(cloud)));
    expect(found).toMatchObject({ token: expect.any(String) });
    expect(last()).toMatchObject({
      outcome: 'Done',
      dialect: 'tencent-v3',
      caller: 'pod',
      proof: 'jwt',
      account: `our-${cloud}`,
      accessKeyId: found['secretId'],
    });
  });
});
