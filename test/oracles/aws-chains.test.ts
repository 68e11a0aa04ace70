import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  fromContainerMetadata,
  fromEnv,
  fromHttp,
  fromIni,
  fromNodeProviderChain,
  fromProcess,
  fromTemporaryCredentials,
  fromTokenFile,
} from '@aws-sdk/credential-providers';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';
import { unproxied } from '../support/oracle-environment.ts';

// Every way by which the AWS SDK comes by credentials, each ending at a laptop's server.

interface Triad {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

unproxied();

let app: LaptopApp;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'credmint-chains-'));
  app = await openLaptopApp();
  await app.keepFresh();
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const role = () => app.access.roles['aws'] ?? '';
const key = () => ({ accessKeyId: app.access.accessKey.id, secretAccessKey: app.access.accessKey.secret });
const toServer = () => ({ endpoint: app.url, region: 'us-east-1' });

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
/** As `echo`, editors and mounted secrets write it. */
const tokenFile = (): string => file('token', `${app.access.token}\n`);

/** The two files of the SDKs, of which the profiles are looked at in both. */
const profiles = (config: string, credentials = '') => ({
  configFilepath: file('config', config),
  filepath: file('credentials', credentials),
  ignoreCache: true,
});

/** Whose the credentials are, by their own word and the server's. */
const whose = async (credentials: Triad): Promise<string | undefined> => {
  const sts = new STSClient({ ...toServer(), credentials, maxAttempts: 1 });
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  return Arn;
};

describe('the AWS SDK', () => {
  it('assumes a role by another role', async () => {
    const first = fromTemporaryCredentials({
      masterCredentials: key(),
      params: { RoleArn: role(), RoleSessionName: 'first' },
      clientConfig: toServer(),
    });
    const second = fromTemporaryCredentials({
      masterCredentials: first,
      params: { RoleArn: role(), RoleSessionName: 'second', DurationSeconds: 900 },
      clientConfig: toServer(),
    });
    expect(await whose(await first())).toMatch(/:assumed-role\/demo\/first$/);
    expect(await whose(await second())).toMatch(/:assumed-role\/demo\/second$/);
  });

  it('exchanges the token of a file, with the newline at its end', async () => {
    const provider = fromTokenFile({
      webIdentityTokenFile: tokenFile(),
      roleArn: role(),
      roleSessionName: 'web',
      clientConfig: toServer(),
    });
    expect(await whose(await provider())).toMatch(/:assumed-role\/demo\/web$/);
  });

  it('exchanges the token of a file that its environment names', async () => {
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', tokenFile());
    vi.stubEnv('AWS_ROLE_ARN', role());
    vi.stubEnv('AWS_ROLE_SESSION_NAME', 'pod');
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    const provider = fromNodeProviderChain({ ...profiles(''), clientConfig: toServer() });
    expect(await whose(await provider())).toMatch(/:assumed-role\/demo\/pod$/);
  });

  it('assumes the role of a profile', async () => {
    const { accessKeyId, secretAccessKey } = key();
    const config = `[profile demo]
role_arn = ${role()}
source_profile = base
role_session_name = ini
duration_seconds = 900
region = us-east-1
`;
    const credentials = `[base]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
`;
    const provider = fromIni({
      ...profiles(config, credentials),
      profile: 'demo',
      clientConfig: toServer(),
    });
    expect(await whose(await provider())).toMatch(/:assumed-role\/demo\/ini$/);
  });

  it('exchanges the token that a profile names', async () => {
    const config = `[profile web]
role_arn = ${role()}
web_identity_token_file = ${tokenFile()}
role_session_name = ini-web
`;
    // This chain hands no endpoint on.
    vi.stubEnv('AWS_ENDPOINT_URL_STS', app.url);
    const provider = fromIni({ ...profiles(config), profile: 'web', clientConfig: toServer() });
    expect(await whose(await provider())).toMatch(/:assumed-role\/demo\/ini-web$/);
  });

  it.each([
    ['fromProcess', fromProcess],
    ['fromIni', fromIni],
  ])('reads from credmint credential-process, by %s', { timeout: 60_000 }, async (_name, from) => {
    const program = fileURLToPath(new URL('../../bin/credmint.ts', import.meta.url));
    const words = `--server ${app.url} --account aws --role ${role()} --session-name process --token-file ${tokenFile()}`;
    const config = `[profile minted]
credential_process = ${process.execPath} ${program} credential-process ${words}
`;
    const provider = from({ ...profiles(config), profile: 'minted' });
    const { expiration, ...triad } = await provider();
    expect(expiration?.getTime()).toBeGreaterThan(Date.now());
    expect(await whose(triad)).toMatch(/:assumed-role\/demo\/process$/);
  });

  it('reads credentials from a lease, with the token of a file', async () => {
    const provider = fromHttp({
      awsContainerCredentialsFullUri: `${app.url}/leases/demo?format=aws-container`,
      awsContainerAuthorizationTokenFile: file('authorization', `Bearer ${app.access.token}`),
      maxRetries: 0,
    });
    expect(await whose(await provider())).toMatch(/:assumed-role\/demo\//);
  });

  it('reads credentials from the JSON API, asked as a container asks', async () => {
    const asked = new URLSearchParams({
      account: 'aws',
      roleArn: role(),
      roleSessionName: 'container',
      format: 'aws-container',
    });
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${app.url}/assumeRole?${asked}`);
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', `Bearer ${app.access.token}`);
    expect(await whose(await fromHttp({ maxRetries: 0 })())).toMatch(/:assumed-role\/demo\/container$/);
    expect(await whose(await fromContainerMetadata({ maxRetries: 0 })())).toMatch(/:assumed-role\/demo\/container$/);
  });

  it('finds credentials in the environment, as a dotenv answer names them', async () => {
    const reply = await fetch(`${app.url}/assumeRole?format=dotenv`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.access.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ account: 'aws', roleArn: role(), roleSessionName: 'dotenv' }),
    });
    for (const line of (await reply.text()).trim().split('\n')) {
      const [, name = '', value = ''] = /^(\w+)=["']?(.*?)["']?$/.exec(line) ?? [];
      vi.stubEnv(name, value);
    }
    const { expiration, ...triad } = await fromEnv()();
    expect(expiration?.getTime()).toBeGreaterThan(Date.now());
    expect(await whose(triad)).toMatch(/:assumed-role\/demo\/dotenv$/);
  });
});
