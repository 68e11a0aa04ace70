import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromHttp } from '@aws-sdk/credential-providers';
import COS from 'cos-nodejs-sdk-v5';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgent } from '../../lib/client/agent/agent.ts';
import type { AgentRequest } from '../../lib/client/agent/answer.ts';
import { userOfConnection } from '../../lib/client/agent/peer-user.ts';
import { type AgentServer, listen } from '../../lib/client/agent/server.ts';
import { sessionTokens } from '../../lib/client/agent/session-tokens.ts';
import { agentVariables } from '../../lib/client/agent/variables.ts';
import { createClient } from '../../lib/client/client.ts';
import { proveByToken } from '../../lib/client/prove.ts';
import { createRenewal, type Renewal } from '../../lib/client/renewal.ts';
import { Secret } from '../../lib/core/secret.ts';
import { nodeTransport } from '../../lib/transport/node-http.ts';
import { type LaptopApp, openLaptopApp } from '../support/app.ts';
import { type VirtualClock, virtualClock } from '../support/clock.ts';
import { awsClis, boto3s, runProgram } from '../support/programs.ts';
import { record } from '../support/store-recorder.ts';

const minute = 60_000;
const minutes = (count: number): number => count * minute;

/** An agent of a laptop's server, by a clock that the test moves. */
interface Running {
  readonly clock: VirtualClock;
  readonly renewal: Renewal;
  readonly variables: Readonly<Record<string, string>>;
  readonly token: string;
  isServerDown: boolean;
  close(): Promise<void>;
}

const openAgent = async (app: LaptopApp, account = 'aws'): Promise<Running> => {
  const clock = virtualClock(Date.now());
  const transport = nodeTransport();
  const client = createClient({
    server: new URL(app.url),
    prove: proveByToken(async () => new Secret(app.access.token)),
    transport: (request, signal) =>
      running.isServerDown ? Promise.reject(new Error('down')) : transport(request, signal),
    now: clock.now,
  });
  const question = { kind: 'role', account, role: app.access.roles[account] ?? '', sessionName: 'job' } as const;
  const attemptSignal = () => AbortSignal.timeout(60_000);
  const mint = (signal: AbortSignal) =>
    client.credentials({ ...question, sessionName: `job-${clock.now().getTime()}`, durationSeconds: 900 }, signal);
  const renewal = createRenewal({ mint, clock, attemptSignal });
  const token = new Secret(randomBytes(32).toString('base64url'));
  const metadata = {
    tokens: sessionTokens(randomBytes(32), () => new Date()),
    isOwnProcess: async ({ peerPort }: AgentRequest): Promise<boolean> =>
      userOfConnection(readFileSync('/proc/net/tcp', 'utf8'), peerPort, server.port) === process.getuid?.(),
  };
  const answer = createAgent({ current: renewal.current, token, now: clock.now, metadata });
  const server: AgentServer = await listen(answer, 0);
  const running: Running = {
    clock,
    renewal,
    token: token.reveal(),
    variables: agentVariables({ port: server.port, token, metadata: true }),
    isServerDown: false,
    close: () => server.close(),
  };
  return running;
};

let app: LaptopApp;
let agent: Running;

beforeAll(async () => {
  app = await openLaptopApp();
  agent = await openAgent(app);
});
afterAll(async () => {
  await agent.close();
  await app.close();
});

const held = async () => (await agent.renewal.current()).credentials;
const variable = (name: string): string => agent.variables[name] ?? '';

/** What the AWS SDK for JavaScript reads: the provider that its default chain has for containers. */
const providerOf = ({ variables, token }: Pick<Running, 'variables' | 'token'>) =>
  fromHttp({
    awsContainerCredentialsFullUri: variables['AWS_CONTAINER_CREDENTIALS_FULL_URI'] ?? '',
    awsContainerAuthorizationToken: token,
    maxRetries: 0,
  });

describe('the AWS SDK for JavaScript', () => {
  it('reads the agent, and calls by what it read', async () => {
    const sts = new STSClient({ endpoint: `${app.url}/`, region: 'us-east-1', credentials: providerOf(agent) });
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));

    expect(Arn).toMatch(/:assumed-role\/demo\/job-\d+$/);
  });

  it('shows what the agent refuses', async () => {
    await expect(providerOf({ ...agent, token: 'wrong' })()).rejects.toMatchObject({
      name: 'CredentialsProviderError',
    });
  });

  it('sees neither a renewal nor, while anything is held, that the server is down', async () => {
    const agent = await openAgent(app);
    const awsProvider = () => providerOf(agent);
    const first = await awsProvider()();
    const stop = new AbortController();
    const running = agent.renewal.run(stop.signal);
    await agent.clock.pass(minutes(8));
    const second = await awsProvider()();
    expect(second.accessKeyId).toBe(first.accessKeyId);
    // Past two thirds of 15 minutes; the request itself takes time that is not the clock's.
    await agent.clock.pass(minutes(2));
    await expect.poll(async () => (await awsProvider()()).accessKeyId).not.toBe(first.accessKeyId);

    agent.isServerDown = true;
    const third = await awsProvider()();
    await agent.clock.pass(minutes(12));
    expect((await awsProvider()()).accessKeyId).toBe(third.accessKeyId);
    await agent.clock.pass(minutes(4));
    await expect(awsProvider()()).rejects.toThrow();
    agent.isServerDown = false;
    expect((await awsProvider()()).accessKeyId).not.toBe(third.accessKeyId);
    stop.abort();
    await running;
    await agent.close();
  });
});

describe('programs of this machine', () => {
  const env = (names: readonly string[]) => ({
    PATH: process.env['PATH'] ?? '',
    HOME: app.folder,
    ...Object.fromEntries(names.map((name) => [name, variable(name)])),
  });
  const script = async (source: string, names: readonly string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source], {
      env: env(names),
    });
    return stdout.trim();
  };

  it.runIf(process.platform === 'linux')('find the agent where the metadata of EC2 would be', async () => {
    const source = `import { fromInstanceMetadata } from '@aws-sdk/credential-providers';
      console.log((await fromInstanceMetadata()()).accessKeyId);`;
    const names = ['AWS_EC2_METADATA_SERVICE_ENDPOINT', 'AWS_EC2_METADATA_V1_DISABLED'];

    expect(await script(source, names)).toBe((await held()).accessKeyId);
  });

  it('find the agent by the default chain of the AWS SDK', async () => {
    const source = `import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
      console.log((await fromNodeProviderChain()()).accessKeyId);`;
    const names = ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'];

    expect(await script(source, names)).toBe((await held()).accessKeyId);
  });

  it('find the agent by the default chain of @alicloud/credentials', async () => {
    const source = `import alicloud from '@alicloud/credentials';
      const { accessKeyId, securityToken } = await new alicloud.default().getCredential();
      console.log(accessKeyId, securityToken);`;
    const { accessKeyId, sessionToken } = await held();

    expect(await script(source, ['ALIBABA_CLOUD_CREDENTIALS_URI'])).toBe(`${accessKeyId} ${sessionToken.reveal()}`);
  });

  it('find an agent of an Alibaba account by @alicloud/credentials, and call Alibaba by what they read', async () => {
    const agent = await openAgent(app, 'alibaba');
    const source = `import alicloud from '@alicloud/credentials';
      import sts from '@alicloud/sts20150401';
      const credential = new alicloud.default();
      const { host } = new URL(process.env.SERVER);
      const { body } = await new sts.default({ credential, endpoint: host, protocol: 'HTTP' }).getCallerIdentity();
      console.log((await credential.getCredential()).accessKeyId, body.arn);`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', source], {
      env: { ...env([]), ...agent.variables, SERVER: app.url },
    });
    const { credentials } = await agent.renewal.current();
    await agent.close();

    expect(stdout.trim()).toMatch(new RegExp(`^${credentials.accessKeyId} acs:ram::\\d+:assumed-role/demo/job-\\d+$`));
  });

  it.each(boto3s)('find the agent by boto3 $version', { timeout: 60_000 }, async ({ path }) => {
    const source = 'import boto3; print(boto3.Session().get_credentials().access_key)';
    const names = ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'];
    const said = await runProgram(path, ['-c', source], { home: app.folder, environment: env(names) });

    expect(said.trim()).toBe((await held()).accessKeyId);
  });

  it.each(awsClis)('find the agent by $version', { timeout: 60_000 }, async ({ path }) => {
    const names = ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN'];
    const args = ['sts', 'get-caller-identity', '--endpoint-url', `${app.url}/`, '--region', 'us-east-1'];
    const said = await runProgram(path, args, { home: app.folder, environment: env(names) });

    expect(JSON.parse(said)).toMatchObject({ Arn: expect.stringContaining(':assumed-role/demo/job-') });
  });
});

describe('a program of COS', () => {
  it('finds the agent by the callback of cos-nodejs-sdk-v5', async () => {
    const bucket = await record(() => ({ body: {} }));
    try {
      const cos = new COS({
        Protocol: 'http:',
        Domain: bucket.url.host,
        getAuthorization: async (_options, callback) => {
          const reply = await fetch(variable('CREDMINT_AGENT_COS'));
          callback((await reply.json()) as COS.GetAuthorizationCallbackParams);
        },
      });
      await cos.headObject({ Bucket: 'b-1250000000', Region: 'ap-guangzhou', Key: 'k' });
    } finally {
      await bucket.close();
    }
    const { accessKeyId, sessionToken } = await held();

    expect(bucket.requests[0]?.headers).toMatchObject({
      authorization: expect.stringContaining(`q-ak=${accessKeyId}`),
      'x-cos-security-token': sessionToken.reveal(),
    });
  });
});
